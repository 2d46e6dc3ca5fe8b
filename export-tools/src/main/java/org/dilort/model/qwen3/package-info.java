/** Qwen3: Llama's block with a norm on each head's queries and keys. */
package org.dilort.model.qwen3;
