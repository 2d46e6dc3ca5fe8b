/**
 * The graph that everything else writes: values with types, nodes that are checked when they are made, and the ONNX
 * file they become (IR 10, opset 18). Nothing here knows of models, gradients or training.
 */
package org.dilort.onnx;
