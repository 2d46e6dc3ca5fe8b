package org.dilort.config;

/** A record whose components are the keys of one mapping; what is no section is a single value or a list. */
sealed interface Section
        permits Config,
                ModelConfig,
                LoraConfig,
                MlflowConfig,
                ReferenceConfig,
                DataConfig,
                DataSource,
                EvalSource,
                HeadConfig,
                TrainConfig,
                SgdConfig,
                LionConfig,
                AdafactorConfig,
                EvalConfig,
                LogConfig,
                GenerateConfig,
                BestConfig {}
