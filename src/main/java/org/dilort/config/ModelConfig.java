package org.dilort.config;

import java.nio.file.Path;

/**
 * The policy.
 *
 * @param path Hugging Face folder: config.json, *.safetensors, tokenizer.json, tokenizer_config.json
 * @param init with {@code RANDOM} the folder needs no weights
 * @param config architecture, by default {@code path/config.json}; another one only with {@code RANDOM}
 * @param lora adapters, or {@link LoraConfig#NONE} for full fine-tuning
 */
public record ModelConfig(Path path, ModelInit init, Path config, LoraConfig lora, Compute compute) implements Section {

    public ModelConfig {
        Require.check(
                init == ModelInit.RANDOM || config.equals(configIn(path)),
                "config",
                config,
                configIn(path) + " unless model.init is random");
    }

    static Path configIn(Path folder) {
        return folder.resolve("config.json");
    }
}
