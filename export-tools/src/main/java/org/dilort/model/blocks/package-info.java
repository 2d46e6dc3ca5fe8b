/** What decoders are put together from: each part declares the weights that are its own and builds its stretch of the graph. */
package org.dilort.model.blocks;
