/** The equivalence test of loss heads: a head's graph in ONNX Runtime against its formula in float64. */
package org.dilort.check;
