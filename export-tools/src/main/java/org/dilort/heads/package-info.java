/**
 * Loss heads: each a class with its formula, a graph of its own, and a file under {@code onnx-graphs/heads/}.
 *
 * <p>A head maps log-probability sums of the chosen and the rejected response to one loss a pair. Adding one takes its
 * class, a line in {@link org.dilort.heads.Heads}, its test and its generated files.
 */
package org.dilort.heads;
