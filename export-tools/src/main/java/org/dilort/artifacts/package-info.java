/** What the compiler writes: training, update, scoring and decoder graphs, the checkpoint, and their manifest. */
package org.dilort.artifacts;
