package org.dilort.artifacts;

import org.dilort.onnx.DType;

/**
 * Where the bytes of a weight lie.
 *
 * @param dtype double, float, float16 or bfloat16
 * @param file name relative to the folder that the session is given for external data
 */
public record StoredWeight(DType dtype, String file, long offset, long length) {}
