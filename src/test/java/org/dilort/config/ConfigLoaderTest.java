package org.dilort.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConfigLoaderTest {
    private static final String SMALLEST = """
            model: {path: models/small}
            data: {train: data/a.jsonl}
            output: runs/a
            """;

    @Test
    void fillsEveryDefaultOfTheTable() {
        Config config = load(SMALLEST);
        assertThat(config.model())
                .isEqualTo(
                        new ModelConfig(Path.of("models/small"), ModelInit.PRETRAINED, LoraConfig.NONE, Compute.AUTO));
        assertThat(config.reference())
                .isEqualTo(new ReferenceConfig(ReferenceModel.initialPolicy(), Path.of("runs/reference-cache"), 4096));
        assertThat(config.data())
                .isEqualTo(new DataConfig(
                        List.of(DataSource.of(Path.of("data/a.jsonl"))),
                        List.of(),
                        NumberSetting.none(),
                        RankedPairs.ALL,
                        ChatTemplate.auto(),
                        1024,
                        Limit.none(),
                        Truncation.PROMPT_LEFT,
                        DataPreset.DEFAULT,
                        DataCache.folder(Path.of("runs/data-cache"))));
        assertThat(config.eval()).isEqualTo(new EvalConfig(GenerateConfig.NONE, BestConfig.NONE));
        assertThat(config.device()).isEqualTo(Device.AUTO);
        assertThat(config.output()).isEqualTo(Path.of("runs/a"));
    }

    @Test
    void fillsEveryDefaultOfTheHead() {
        HeadConfig head = onlyHead(load(SMALLEST));
        assertThat(head.name()).isEqualTo("lsif");
        assertThat(head.weight()).isEqualTo(1);
        assertThat(head.hasPreset()).isFalse();
        assertThat(head.variant()).isEqualTo(Variant.AUTO);
        assertThat(head.reduction()).isEqualTo(Reduction.AUTO);
        assertThat(head.beta()).isEqualTo(NumberSetting.auto());
        assertThat(head.expCap()).isEqualTo(NumberSetting.auto());
        assertThat(head.coefficients()).isEmpty();
    }

    @Test
    void fillsEveryDefaultOfTheTraining() {
        assertThat(load(SMALLEST).train())
                .isEqualTo(new TrainConfig(
                        64,
                        4096,
                        1024,
                        Threads.all(),
                        Recompute.NONE,
                        1,
                        Limit.none(),
                        5e-7,
                        Scheduler.COSINE,
                        0.1,
                        0,
                        0.9,
                        0.999,
                        1e-8,
                        NumberSetting.of(1),
                        List.of(),
                        Optimizer.ADAMW,
                        new SgdConfig(0.9, false),
                        new LionConfig(0.9, 0.99),
                        new AdafactorConfig(0.8, 1e-30, 1),
                        NonFinite.SKIP,
                        42,
                        true,
                        Interval.never(),
                        Interval.of(500),
                        Interval.of(10),
                        Limit.of(2),
                        false));
    }

    @Test
    void readsEveryKey() {
        Config config = ConfigLoader.load(resource("full.yaml"), List.of());
        assertThat(config.model())
                .isEqualTo(new ModelConfig(
                        Path.of("models/small"),
                        ModelInit.RANDOM,
                        new LoraConfig(
                                AdapterStart.anew(),
                                8,
                                32,
                                List.of("q_proj", "v_proj"),
                                true,
                                false,
                                List.of("lm_head"),
                                0,
                                false,
                                Quantize.INT4),
                        Compute.FLOAT32));
        assertThat(config.reference())
                .isEqualTo(new ReferenceConfig(
                        ReferenceModel.folder(Path.of("models/base")), Path.of("cache/logps"), 777));
        assertThat(config.data())
                .isEqualTo(new DataConfig(
                        List.of(DataSource.of(Path.of("data/a.jsonl")), DataSource.of(Path.of("data/b"))),
                        List.of(
                                EvalSource.of(Path.of("data/held-out.jsonl")),
                                new EvalSource(Path.of("data/more"), "more-2")),
                        NumberSetting.none(),
                        RankedPairs.BEST_WORST,
                        ChatTemplate.file(Path.of("templates/mine.jinja")),
                        512,
                        Limit.of(256),
                        Truncation.KEEP_END,
                        DataPreset.DIL_AUTHORS,
                        DataCache.none()));
        assertThat(config.eval())
                .isEqualTo(new EvalConfig(
                        new GenerateConfig(32, "answer: (\\d+)", Limit.none(), true),
                        new BestConfig(
                                "logps/chosen", BestConfig.Goal.HIGHEST, 0.01, Limit.of(3), BestConfig.Deliver.LAST)));
        assertThat(config.log())
                .isEqualTo(new LogConfig(
                        true,
                        new ListenAddress.At("127.0.0.1", 9400),
                        new MlflowConfig("https://mlflow.example/tracking", "mine", "first")));
        assertThat(config.device()).isEqualTo(Device.CPU);
    }

    @Test
    void readsEveryKeyOfTheTraining() {
        assertThat(ConfigLoader.load(resource("full.yaml"), List.of()).train())
                .isEqualTo(new TrainConfig(
                        8,
                        2048,
                        700,
                        new Threads(3),
                        Recompute.BLOCKS,
                        2,
                        Limit.of(77),
                        1e-4,
                        Scheduler.LINEAR,
                        0,
                        0.01,
                        0.8,
                        0.95,
                        1e-6,
                        NumberSetting.none(),
                        List.of("embed", "norms_and_biases"),
                        Optimizer.LION,
                        new SgdConfig(0.5, true),
                        new LionConfig(0.95, 0.98),
                        new AdafactorConfig(0.5, 1e-20, 2),
                        NonFinite.STOP,
                        7,
                        false,
                        Interval.of(5),
                        Interval.never(),
                        Interval.of(1),
                        Limit.none(),
                        true));
    }

    @Test
    void readsTheOptimizerUnderItsOlderName() {
        assertThat(load(SMALLEST + "train: {update: sgd}").train().optimizer()).isEqualTo(Optimizer.SGD);
        assertThat(load(SMALLEST, "train.update=lion").train().optimizer()).isEqualTo(Optimizer.LION);
    }

    @Test
    void readsAListOfHeads() {
        Config config = ConfigLoader.load(resource("full.yaml"), List.of());
        assertThat(config.heads()).hasSize(2);
        HeadConfig first = config.heads().get(0);
        assertThat(first.name()).isEqualTo("dpo");
        assertThat(first.weight()).isEqualTo(0.5);
        assertThat(first.preset()).isEqualTo("dil-paper");
        assertThat(first.variant()).isEqualTo(Variant.RELATIVE);
        assertThat(first.reduction()).isEqualTo(Reduction.MEAN);
        assertThat(first.beta()).isEqualTo(NumberSetting.of(0.2));
        assertThat(first.expCap()).isEqualTo(NumberSetting.none());
        assertThat(first.coefficients()).containsExactly(Map.entry("gamma", 0.1));
        assertThat(config.headKey(1)).isEqualTo("head.1");
    }

    @Test
    void readsJson() {
        Config config = ConfigLoader.load(resource("full.json"), List.of());
        assertThat(config.data().maxLength()).isEqualTo(128);
        assertThat(config.train().rowTokens()).isEqualTo(128);
        assertThat(config.train().learningRate()).isEqualTo(1e-4);
        assertThat(config.train().shuffle()).isFalse();
        assertThat(onlyHead(config).coefficients()).containsEntry("gamma", 1.5);
        assertThat(config.headKey(0)).isEqualTo("head");
    }

    @Test
    void understandsEverySpellingOfANumber() {
        for (String text : List.of("5e-7", "5.0e-7", "0.0000005", "5E-07", "+.5e-6", "\"5e-7\"")) {
            Config config = load(SMALLEST + "train: {learning_rate: " + text + "}");
            assertThat(config.train().learningRate()).as(text).isEqualTo(5e-7);
        }
    }

    @Test
    void takesASectionOfNothingAsLeftOut() {
        Config config = load(SMALLEST + "train:\n  # seed: 1\neval:\nreference:\nhead:\n");
        assertThat(config).isEqualTo(load(SMALLEST));
    }

    @Test
    void keepsTextsThatLookLikeOtherTypes() {
        Config config = load("model: {path: 1e3}\ndata: {train: [no, 0x10, 'true']}\noutput: 5\n");
        assertThat(config.model().path()).isEqualTo(Path.of("1e3"));
        assertThat(config.data().train())
                .extracting(DataSource::path)
                .containsExactly(Path.of("no"), Path.of("0x10"), Path.of("true"));
        assertThat(config.output()).isEqualTo(Path.of("5"));
    }

    @Test
    void overridesSingleValues() {
        Config config = load(
                SMALLEST,
                "train.seed=7",
                "train.seed=8",
                "train.learning_rate = 1e-3",
                "output=runs/b=c#d: e",
                "data.eval=[x.jsonl, y.jsonl]",
                "model.path=\"quoted \\\" path\"",
                "data.chat_template=none");
        assertThat(config.train().seed()).isEqualTo(8);
        assertThat(config.train().learningRate()).isEqualTo(1e-3);
        assertThat(config.output()).isEqualTo(Path.of("runs/b=c#d: e"));
        assertThat(config.reference().cache()).isEqualTo(Path.of("runs/reference-cache"));
        assertThat(config.data().eval())
                .extracting(EvalSource::path)
                .containsExactly(Path.of("x.jsonl"), Path.of("y.jsonl"));
        assertThat(config.model().path()).isEqualTo(Path.of("quoted \" path"));
        assertThat(config.data().chatTemplate()).isEqualTo(ChatTemplate.none());
    }

    @Test
    void overridesOneHeadByEitherKey() {
        assertThat(onlyHead(load(SMALLEST, "head.0.beta=0.3")).beta()).isEqualTo(NumberSetting.of(0.3));
        assertThat(onlyHead(load(SMALLEST, "head.name=dpo")).name()).isEqualTo("dpo");
        String list = SMALLEST + "head: [{name: ukl}]\n";
        assertThat(onlyHead(load(list, "head.gamma=2")).coefficients()).containsEntry("gamma", 2.0);
        assertThat(onlyHead(load(list, "head.0.exp_cap=none")).expCap()).isEqualTo(NumberSetting.none());
        assertThat(onlyHead(load(list, "head={name: bce}")).name()).isEqualTo("bce");
    }

    @Test
    void overridesAnEntryOfAList() {
        Path full = resource("full.yaml");
        Config config = ConfigLoader.load(full, List.of("head.1.name=ukl", "data.train.0=z.jsonl"));
        assertThat(config.heads().get(1).name()).isEqualTo("ukl");
        assertThat(config.data().train())
                .extracting(DataSource::path)
                .containsExactly(Path.of("z.jsonl"), Path.of("data/b"));
    }

    @Test
    void readsMixturesOfData() {
        Config config = load("model: {path: m}\ndata:\n  train:\n    - a.jsonl\n    - {path: b/*.csv, weight: 0.5}\n"
                + "    - {path: c, limit: 100}\n  eval_split: 0.02\noutput: o\n");
        assertThat(config.data().train())
                .containsExactly(
                        DataSource.of(Path.of("a.jsonl")),
                        new DataSource(Path.of("b/*.csv"), 0.5, Limit.none()),
                        new DataSource(Path.of("c"), 1, Limit.of(100)));
        assertThat(config.data().evalSplit()).isEqualTo(NumberSetting.of(0.02));
        Config single = load(SMALLEST, "data.train={path: d, weight: 2}");
        assertThat(single.data().train()).containsExactly(new DataSource(Path.of("d"), 2, Limit.none()));
    }

    @Test
    void takesTheTruncationOfThePresetUnlessOneIsGiven() {
        assertThat(load(SMALLEST).data().truncation()).isEqualTo(Truncation.PROMPT_LEFT);
        assertThat(load(SMALLEST, "data.preset=trl").data().truncation()).isEqualTo(Truncation.KEEP_START);
        assertThat(load(SMALLEST, "data.preset=dil-authors").data().truncation())
                .isEqualTo(Truncation.KEEP_END);
        assertThat(load(SMALLEST, "data.preset=dil-authors", "data.truncation=keep_start")
                        .data()
                        .truncation())
                .isEqualTo(Truncation.KEEP_START);
    }

    @Test
    void switchesOptionalSectionsOnAndOff() {
        Path full = resource("full.yaml");
        Config off = ConfigLoader.load(full, List.of("model.lora=none", "eval.generate=none"));
        assertThat(off.model().lora().enabled()).isFalse();
        assertThat(off.eval().generate().enabled()).isFalse();
        Config on = load(SMALLEST, "model.lora.rank=4");
        assertThat(on.model().lora()).isEqualTo(ranked(4));
        Config given = load(SMALLEST, "model.lora.adapter=runs/a/adapter");
        assertThat(given.model().lora().enabled()).isTrue();
        assertThat(given.model().lora().adapter()).isEqualTo(AdapterStart.folder(Path.of("runs/a/adapter")));
        Config back = load("model: {path: m, lora: none}\ndata: {train: t}\noutput: o", "model.lora.rank=4");
        assertThat(back.model().lora().rank()).isEqualTo(4);
    }

    @Test
    void ignoresAByteOrderMark() throws IOException {
        Path file = Files.createTempFile("config", ".yml");
        try {
            Files.writeString(file, "\uFEFF" + SMALLEST);
            assertThat(ConfigLoader.load(file, List.of())).isEqualTo(load(SMALLEST));
        } finally {
            Files.delete(file);
        }
    }

    private static HeadConfig onlyHead(Config config) {
        assertThat(config.heads()).hasSize(1);
        return config.heads().get(0);
    }

    private static LoraConfig ranked(int rank) {
        return new LoraConfig(
                AdapterStart.anew(), rank, 2.0 * rank, List.of(), false, false, List.of(), 0, true, Quantize.NONE);
    }

    private static Config load(String yaml, String... overrides) {
        return ConfigLoader.parse("x.yaml", yaml, List.of(overrides));
    }

    static Path resource(String name) {
        try {
            return Path.of(ConfigLoaderTest.class.getResource("/config/" + name).toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
