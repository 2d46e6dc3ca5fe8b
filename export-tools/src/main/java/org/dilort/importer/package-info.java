/**
 * Makes a model of an ONNX file: a decoder that somebody else exported becomes a {@link org.dilort.model.CausalLm} whose
 * forward pass is the file's own graph, so that everything that works on a model works on it.
 */
package org.dilort.importer;
