package org.dilort.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigWriterTest {
    @TempDir
    private Path folder;

    @Test
    void writesWhatTheLoaderReads() {
        for (int seed = 0; seed < 150; seed++) {
            Config config = new RandomConfigs(seed).next();
            String yaml = ConfigWriter.toYaml(config);
            assertThat(ConfigLoader.parse("x.yaml", yaml, List.of()))
                    .as("seed %d:%n%s", seed, yaml)
                    .isEqualTo(config);
        }
    }

    @Test
    void writesEveryKeyReadably() {
        Config config = ConfigLoader.parse(
                "x.yaml",
                "model: {path: models/small}\ndata: {train: a.jsonl}\noutput: runs/a\nhead: {name: simpo, gamma: 1}",
                List.of());
        assertThat(ConfigWriter.toYaml(config)).isEqualTo("""
                model:
                  path: models/small
                  init: pretrained
                  compute: auto
                reference:
                  path: initial_policy
                  cache: runs/reference-cache
                  micro_batch_tokens: 4096
                data:
                  train:
                  - a.jsonl
                  eval: []
                  eval_split: none
                  ranked_pairs: all
                  chat_template: auto
                  max_length: 1024
                  max_prompt_length: none
                  truncation: prompt_left
                  preset: default
                  cache: runs/data-cache
                head:
                  name: simpo
                  weight: 1.0
                  preset: none
                  variant: auto
                  reduction: auto
                  beta: auto
                  exp_cap: auto
                  gamma: 1.0
                train:
                  batch_pairs: 64
                  micro_batch_tokens: 4096
                  row_tokens: 1024
                  threads: all
                  recompute: none
                  epochs: 1
                  max_steps: none
                  learning_rate: 5.0E-7
                  scheduler: cosine
                  warmup_ratio: 0.1
                  weight_decay: 0.0
                  adam_beta1: 0.9
                  adam_beta2: 0.999
                  adam_epsilon: 1.0E-8
                  max_grad_norm: 1.0
                  no_decay: []
                  optimizer: adamw
                  sgd:
                    momentum: 0.9
                    nesterov: false
                  lion:
                    beta1: 0.9
                    beta2: 0.99
                  adafactor:
                    decay_rate: 0.8
                    epsilon: 1.0E-30
                    clip_threshold: 1.0
                  non_finite: skip
                  seed: 42
                  shuffle: true
                  eval_every: none
                  save_every: 500
                  log_every: 10
                  keep_checkpoints: 2
                  resume: false
                log:
                  tensorboard: false
                  prometheus: none
                device: auto
                output: runs/a
                """);
    }

    @Test
    void replacesAFileAndLeavesNothingBeside() throws IOException {
        Config config = ConfigLoader.load(ConfigLoaderTest.resource("full.yaml"), List.of());
        Path file = folder.resolve("config.yaml");
        Files.writeString(file, "old");
        ConfigWriter.write(config, file);
        assertThat(ConfigLoader.load(file, List.of())).isEqualTo(config);
        try (var files = Files.list(folder)) {
            assertThat(files).containsExactly(file);
        }
        assertThatThrownBy(() -> ConfigWriter.write(config, folder.resolve("none/config.yaml")))
                .isInstanceOf(NoSuchFileException.class);
    }
}
