/**
 * Model weights on disk: safetensors files and folders read and written as streams of float32, never a whole tensor in
 * memory. A {@link org.dilort.weights.WeightSource} is the one view of named tensors, whatever holds them.
 */
package org.dilort.weights;
