/**
 * Low-rank adapters (LoRA, arXiv 2106.09685; DoRA, arXiv 2402.09353): which layers of a model get one, the model with
 * them as a graph, their files in PEFT's layout, and the weights with adapters merged into them.
 */
package org.dilort.lora;
