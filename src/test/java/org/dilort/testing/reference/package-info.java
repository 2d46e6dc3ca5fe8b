/**
 * A second decoder, in double precision and plain loops, to hold the graphs to. It shares no code with them: it is written
 * from the papers and from what Hugging Face's implementations compute, and is itself held to PyTorch's numbers.
 *
 * <p>A sequence is {@code double[tokens][width]}. A {@link org.dilort.testing.reference.Part} maps one to another; a model
 * family is a short list of parts.
 */
package org.dilort.testing.reference;
