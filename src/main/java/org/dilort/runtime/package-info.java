/** ONNX Runtime as this project uses it: natives, training and inference sessions, and the batch that feeds them. */
package org.dilort.runtime;
