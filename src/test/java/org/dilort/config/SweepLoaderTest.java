package org.dilort.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.dilort.error.ConfigException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SweepLoaderTest {
    @TempDir
    private Path temp;

    private Path base;

    @BeforeEach
    void writeBase() throws IOException {
        base = Files.writeString(
                temp.resolve("base.yaml"), "model: {path: m}\ndata: {train: t.jsonl}\noutput: elsewhere\n");
    }

    private Sweep load(String text) throws IOException {
        Path file = Files.writeString(temp.resolve("heads.yaml"), text);
        return SweepLoader.load(file);
    }

    private Sweep sweep(String rest) throws IOException {
        return load("base: " + base + "\noutput: out\n" + rest);
    }

    private static Map<String, Config> byFolder(Sweep sweep) {
        return sweep.runs().stream()
                .map(Sweep.Run::config)
                .collect(Collectors.toMap(config -> config.output().toString(), config -> config));
    }

    @Test
    void multipliesRunsGridAndSeeds() throws IOException {
        Sweep sweep = sweep("""
                set: {train: {epochs: 2}}
                runs:
                  - {name: 'LSIF, mine!', head: {name: lsif}}
                  - {head: {name: dpo, beta: 0.2}, train: {epochs: 3}}
                grid: {train: {learning_rate: [1e-5, 5e-5]}}
                seeds: [1, 2]
                """);
        assertThat(sweep.name()).isEqualTo("heads");
        assertThat(sweep.output()).isEqualTo(Path.of("out"));
        assertThat(sweep.runs().stream().map(Sweep.Run::group).distinct())
                .containsExactly(
                        "LSIF, mine!, learning_rate=1e-5",
                        "LSIF, mine!, learning_rate=5e-5",
                        "name=dpo, beta=0.2, epochs=3, learning_rate=1e-5",
                        "name=dpo, beta=0.2, epochs=3, learning_rate=5e-5");
        Map<String, Config> runs = byFolder(sweep);
        assertThat(runs.keySet())
                .containsExactlyInAnyOrder(
                        "out/lsif-mine-learning_rate=1e-5/seed-1",
                        "out/lsif-mine-learning_rate=1e-5/seed-2",
                        "out/lsif-mine-learning_rate=5e-5/seed-1",
                        "out/lsif-mine-learning_rate=5e-5/seed-2",
                        "out/name=dpo-beta=0.2-epochs=3-learning_rate=1e-5/seed-1",
                        "out/name=dpo-beta=0.2-epochs=3-learning_rate=1e-5/seed-2",
                        "out/name=dpo-beta=0.2-epochs=3-learning_rate=5e-5/seed-1",
                        "out/name=dpo-beta=0.2-epochs=3-learning_rate=5e-5/seed-2");
        Config one = runs.get("out/name=dpo-beta=0.2-epochs=3-learning_rate=5e-5/seed-2");
        assertThat(one.heads().get(0).name()).isEqualTo("dpo");
        assertThat(one.train().learningRate()).isEqualTo(5e-5);
        assertThat(one.train().epochs()).isEqualTo(3);
        assertThat(one.train().seed()).isEqualTo(2);
        assertThat(runs.get("out/lsif-mine-learning_rate=1e-5/seed-1").train().epochs())
                .isEqualTo(2);
    }

    @Test
    void runsShareTokensAndReferenceAndCanBeGoneOnWith() throws IOException {
        Config config = sweep("seeds: [1]").runs().get(0).config();
        assertThat(config.output()).isEqualTo(Path.of("out/run/seed-1"));
        assertThat(config.train().resume()).isTrue();
        assertThat(config.reference().cache()).isEqualTo(Path.of("out/cache/reference"));
        assertThat(config.data().cache()).isEqualTo(DataCache.folder(Path.of("out/cache/data")));
        Config own = sweep("set: {data: {cache: mine}, reference: {cache: theirs}}")
                .runs()
                .get(0)
                .config();
        assertThat(own.data().cache()).isEqualTo(DataCache.folder(Path.of("mine")));
        assertThat(own.reference().cache()).isEqualTo(Path.of("theirs"));
        assertThat(own.output()).isEqualTo(Path.of("out/run"));
    }

    @Test
    void valuesMayBeListsAndTextsThatLookLikeOne() throws IOException {
        Config config = sweep("""
                runs: [{head: [{name: lsif}, {name: sft, weight: 0.5}], data: {train: ['[a].jsonl', b.jsonl]}}]
                grid: {model: {path: ['"x"']}}
                """).runs().get(0).config();
        assertThat(config.heads()).extracting(HeadConfig::name).containsExactly("lsif", "sft");
        assertThat(config.data().train())
                .extracting(DataSource::path)
                .containsExactly(Path.of("[a].jsonl"), Path.of("b.jsonl"));
        assertThat(config.model().path()).isEqualTo(Path.of("\"x\""));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "seed: [1]|unknown key seed; did you mean seeds? (HERE line 3)",
                "seeds: 3|seeds: got 3, expected a list of whole numbers, such as [1, 2, 3] (HERE line 3)",
                "seeds: [1, -1]|seeds: got -1, expected whole numbers (HERE line 3)",
                "runs: []|runs: got an empty list, expected a list of mappings, such as [{head: {name: lsif}}] (HERE line 3)",
                "runs: [lsif]|runs.0: got \"lsif\", expected a mapping, such as {name: LSIF, head: {name: lsif}} (HERE line 3)",
                "runs: [{name: [a]}]|runs.0.name: got a list, expected a text (HERE line 3)",
                "grid: {train: {seed: 1}}|grid.train.seed: got 1, expected a list of values, such as [0.1, 1.0] (HERE line 3)",
                "grid: 5|grid: got 5, expected keys of a configuration, nested as they are there (HERE line 3)",
                "runs: [{name: a, head: {name: dpo}}, {name: A}]|"
                        + "HERE: runs \"a\" and \"A\" have one folder out/a, expected names of their own",
                "runs: [{name: a, head: {nam: dpo}}]|HERE: run \"a\": unknown key head.nam",
                "set: {train: {learning_rate: -1}}|HERE: run \"\": train.learning_rate: got -1, expected a number > 0"
            })
    void saysWhatIsWrongAndWhere(String text, String message) {
        String here = temp.resolve("heads.yaml").toString();
        assertThatThrownBy(() -> sweep(text))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith(message.replace("HERE", here));
    }

    @Test
    void baseAndOutputAreNeeded() {
        String here = temp.resolve("heads.yaml").toString();
        assertThatThrownBy(() -> load("output: out"))
                .hasMessage(here + ": base: missing, expected a configuration file");
        assertThatThrownBy(() -> load("base: [a]\noutput: out"))
                .hasMessage("base: got a list, expected a configuration file (" + here + " line 1)");
        assertThatThrownBy(() -> load("base: " + base)).hasMessage(here + ": output: missing, expected a folder");
        assertThatThrownBy(() -> load("base: no.yaml\noutput: out")).hasMessage("config file no.yaml does not exist");
    }

    @Test
    void refusesMoreRunsThanAnyoneWaitsFor() {
        List<Integer> many = IntStream.range(0, 101).boxed().toList();
        assertThatThrownBy(() -> sweep("grid: {train: {epochs: " + many + "}}\nseeds: " + many))
                .hasMessageEndingWith(": 10201 runs, expected at most 10000");
    }

    /** Every sweep among the configurations can be loaded. */
    @ParameterizedTest
    @CsvSource({"figure-2-rates.yaml, 20", "figure-2.yaml, 15"})
    void sweepsOfTheProjectLoad(String name, int runs) {
        assertThat(SweepLoader.load(Path.of("configs", name)).runs()).hasSize(runs);
    }
}
