package org.dilort.config;

import java.nio.file.Path;

/**
 * The policy.
 *
 * @param path Hugging Face folder: config.json, *.safetensors, tokenizer.json, tokenizer_config.json; or the ONNX file of
 *     an exported decoder with its tokenizer beside it
 * @param init with {@code RANDOM} the folder needs no weights
 * @param lora adapters, or {@link LoraConfig#NONE} for full fine-tuning
 */
public record ModelConfig(Path path, ModelInit init, LoraConfig lora, Compute compute) implements Section {}
