package org.dilort.config;

import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Valid configurations, with texts that YAML is fond of misreading. */
final class RandomConfigs {
    private static final List<String> TEXTS = List.of(
            "plain",
            "a b",
            "none",
            "auto",
            "null",
            "~",
            "true",
            "no",
            "1e3",
            "0x1f",
            "1_000",
            "-",
            "- a",
            "a: b",
            "a #b",
            "#a",
            "*a",
            "&a",
            "!a",
            "%a",
            "@a",
            "`a",
            "[a]",
            "{a}",
            "'a'",
            "\"a\"",
            "a\\b",
            " a ",
            "a\nb\n",
            "\ta",
            "é 漢 🎈",
            "?",
            "? a",
            "---",
            "...",
            "<<",
            "=",
            "2001-01-01",
            "1:30",
            "a\u0085b",
            "a\u2028b",
            "|",
            ">",
            "a,b",
            ":",
            "initial_policy");

    private final SplittableRandom random;

    RandomConfigs(long seed) {
        random = new SplittableRandom(seed);
    }

    Config next() {
        boolean eval = random.nextBoolean();
        boolean split = random.nextBoolean();
        TrainConfig train = train(eval);
        Path path = path();
        ModelInit init = one(ModelInit.values());
        return new Config(
                new ModelConfig(path, init, lora(), one(Compute.values())),
                new ReferenceConfig(
                        random.nextBoolean() ? ReferenceModel.initialPolicy() : ReferenceModel.folder(path()),
                        path(),
                        count()),
                new DataConfig(
                        list(1).map(this::source).toList(),
                        eval && !split ? list(1).map(this::evalSource).toList() : List.of(),
                        eval && split ? NumberSetting.of(random.nextDouble(1e-3, 1)) : NumberSetting.none(),
                        one(RankedPairs.values()),
                        template(),
                        count(),
                        limit(),
                        one(Truncation.values()),
                        one(DataPreset.values()),
                        random.nextBoolean() ? DataCache.none() : DataCache.folder(path())),
                IntStream.range(0, random.nextInt(1, 4)).mapToObj(i -> head()).toList(),
                train,
                new EvalConfig(
                        eval && !split && random.nextBoolean() ? generate() : GenerateConfig.NONE,
                        train.evalEvery().exists() && random.nextBoolean() ? best() : BestConfig.NONE),
                log(),
                one(Device.values()),
                path());
    }

    private LogConfig log() {
        return new LogConfig(
                random.nextBoolean(),
                random.nextBoolean()
                        ? ListenAddress.none()
                        : new ListenAddress.At(one(new String[] {"127.0.0.1", "::1", "a.b"}), random.nextInt(65_536)),
                random.nextBoolean()
                        ? MlflowConfig.NONE
                        : new MlflowConfig(
                                "http://h:" + random.nextInt(1, 9999) + "/p", "x " + random.nextInt(9), "r"));
    }

    private EvalSource evalSource(String path) {
        return random.nextBoolean()
                ? EvalSource.of(Path.of(path))
                : new EvalSource(Path.of(path), "set-" + random.nextInt(3));
    }

    private DataSource source(String path) {
        return random.nextBoolean()
                ? DataSource.of(Path.of(path))
                : new DataSource(Path.of(path), random.nextDouble(1e-3, 9), limit());
    }

    private TrainConfig train(boolean eval) {
        return new TrainConfig(
                count(),
                count(),
                count(),
                new Threads(random.nextInt(3)),
                one(Recompute.values()),
                count(),
                limit(),
                positive(),
                one(Scheduler.values()),
                random.nextDouble(),
                random.nextDouble(),
                random.nextDouble(),
                random.nextDouble(),
                positive(),
                random.nextBoolean() ? NumberSetting.none() : NumberSetting.of(positive()),
                list(0).toList(),
                one(Optimizer.values()),
                new SgdConfig(random.nextDouble(), random.nextBoolean()),
                new LionConfig(random.nextDouble(), random.nextDouble()),
                new AdafactorConfig(1 - random.nextDouble(), random.nextDouble(1e-37, 1), positive()),
                one(NonFinite.values()),
                random.nextLong(Long.MAX_VALUE),
                random.nextBoolean(),
                eval ? interval() : Interval.never(),
                interval(),
                interval(),
                limit(),
                random.nextBoolean());
    }

    private HeadConfig head() {
        TreeMap<String, Double> coefficients = new TreeMap<>();
        IntStream.range(0, random.nextInt(3)).forEach(i -> coefficients.put("c" + i, random.nextDouble(-9, 9)));
        return new HeadConfig(
                text(),
                positive(),
                text(),
                one(Variant.values()),
                one(Reduction.values()),
                random.nextBoolean() ? NumberSetting.auto() : NumberSetting.of(positive()),
                List.of(NumberSetting.auto(), NumberSetting.none(), NumberSetting.of(positive()))
                        .get(random.nextInt(3)),
                coefficients);
    }

    private LoraConfig lora() {
        boolean merge = random.nextBoolean();
        Quantize quantize = Quantize.values()[random.nextInt(3)];
        return switch (random.nextInt(3)) {
            case 0 -> LoraConfig.NONE;
            case 1 ->
                new LoraConfig(
                        AdapterStart.folder(path()), 0, 0, List.of(), false, false, List.of(), 0, merge, quantize);
            default ->
                new LoraConfig(
                        AdapterStart.anew(),
                        count(),
                        positive(),
                        list(0).toList(),
                        random.nextBoolean(),
                        random.nextBoolean(),
                        list(0).toList(),
                        0,
                        merge,
                        quantize);
        };
    }

    private BestConfig best() {
        return new BestConfig(
                "logps/chosen",
                one(BestConfig.Goal.values()),
                random.nextDouble(),
                limit(),
                one(BestConfig.Deliver.values()));
    }

    private GenerateConfig generate() {
        return new GenerateConfig(count(), "(" + "\\Q" + text() + "\\E)", limit(), random.nextBoolean());
    }

    private ChatTemplate template() {
        return List.of(ChatTemplate.auto(), ChatTemplate.none(), ChatTemplate.file(path()))
                .get(random.nextInt(3));
    }

    private Stream<String> list(int least) {
        return IntStream.range(0, random.nextInt(least, 4)).mapToObj(i -> text());
    }

    private Path path() {
        return Path.of(text());
    }

    private String text() {
        return TEXTS.get(random.nextInt(TEXTS.size()));
    }

    private int count() {
        return random.nextInt(1, 1 << random.nextInt(1, 31));
    }

    private double positive() {
        return Math.scalb(random.nextDouble(1, 2), random.nextInt(-60, 60));
    }

    private Limit limit() {
        return random.nextBoolean() ? Limit.none() : Limit.of(count());
    }

    private Interval interval() {
        return random.nextBoolean() ? Interval.never() : Interval.of(count());
    }

    private <T> T one(T[] values) {
        return values[random.nextInt(values.length)];
    }
}
