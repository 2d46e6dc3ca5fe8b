/** Qwen2 and Qwen2.5: Llama's block with biases on queries, keys and values. */
package org.dilort.model.qwen2;
