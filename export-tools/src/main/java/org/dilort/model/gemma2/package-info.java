/** Gemma 2, and the parts that Gemma 3 took over: scaled embeddings, norms around every half of a block, soft caps. */
package org.dilort.model.gemma2;
