/**
 * Model weights on disk: safetensors files and folders read and written as streams of float32, never a whole tensor in
 * memory. {@link org.dilort.weights.NamedTensors} is the one view of them, whatever holds them.
 */
package org.dilort.weights;
