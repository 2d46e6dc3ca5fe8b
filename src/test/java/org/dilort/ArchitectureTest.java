package org.dilort;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_USE_FIELD_INJECTION;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ArchitectureTest {
    private static final String ROOT = "org.dilort";
    private static final String CLI = ROOT + ".cli..";

    private static final Set<String> COMPILER =
            Set.of("error", "files", "onnx", "autodiff", "model", "heads", "weights", "lora", "importer", "artifacts");
    private static final Set<String> RUN =
            union(COMPILER, Set.of("template", "runtime", "config", "input", "data", "train", "eval", "export"));

    private static final Set<String> JOB =
            union(RUN, Set.of("net", "bench", "chart", "report", "doctor", "monitor", "judge", "job"));

    /** The whole direction of dependencies: each package, and the packages that it may use beside itself. */
    private static final Map<String, Set<String>> MAY_USE = Map.ofEntries(
            Map.entry("error", Set.of()),
            Map.entry("files", Set.of("error")),
            Map.entry("onnx", Set.of("error")),
            Map.entry("autodiff", Set.of("error", "onnx")),
            Map.entry("model", Set.of("error", "onnx", "autodiff")),
            Map.entry("heads", Set.of("error", "files", "onnx", "autodiff")),
            Map.entry("weights", Set.of("error", "files")),
            Map.entry("lora", Set.of("error", "files", "onnx", "autodiff", "model", "weights")),
            Map.entry("importer", Set.of("error", "files", "onnx", "autodiff", "model", "weights")),
            Map.entry("artifacts", COMPILER),
            Map.entry("runtime", COMPILER),
            Map.entry("config", Set.of("error", "files")),
            Map.entry("input", Set.of("error", "files")),
            Map.entry("parquet", Set.of("error", "input")),
            Map.entry("template", Set.of("error")),
            Map.entry("data", RUN),
            Map.entry("train", RUN),
            Map.entry("eval", RUN),
            Map.entry("export", RUN),
            Map.entry("serve", union(RUN, Set.of("net"))),
            Map.entry("bench", Set.of("error", "data")),
            Map.entry("doctor", union(COMPILER, Set.of("runtime", "data", "train"))),
            Map.entry("net", Set.of()),
            Map.entry("judge", union(RUN, Set.of("net"))),
            Map.entry("monitor", union(COMPILER, Set.of("runtime", "data", "train", "net"))),
            Map.entry("job", JOB),
            Map.entry("chart", Set.of("error", "files")),
            Map.entry("report", Set.of("error", "files", "input", "chart", "net")),
            Map.entry("check", union(COMPILER, Set.of("chart", "runtime"))),
            Map.entry(
                    "cli",
                    Set.of(
                            "error", "files", "net", "config", "heads", "runtime", "data", "train", "eval", "export",
                            "serve", "bench", "report", "job", "judge", "chart", "check")));

    private static final List<String> PACKAGES =
            MAY_USE.keySet().stream().sorted().toList();
    private static final List<Path> SOURCE_ROOTS =
            List.of(Path.of("src/main/java"), Path.of("export-tools/src/main/java"));

    private JavaClasses classes;

    @BeforeAll
    void importClasses() {
        classes = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages(ROOT);
        assertThat(classes).as("classes of " + ROOT).isNotEmpty();
    }

    @ParameterizedTest
    @FieldSource("PACKAGES")
    void dependenciesPointOneWay(String name) {
        String[] allowed = union(MAY_USE.get(name), Set.of(name)).stream()
                .map(ArchitectureTest::packages)
                .toArray(String[]::new);

        check(noClasses()
                .that()
                .resideInAPackage(packages(name))
                .should()
                .dependOnClassesThat(resideInAPackage(ROOT + "..").and(not(resideInAnyPackage(allowed)))));
    }

    @Test
    void everyPackageHasItsPlaceInTheDirection() {
        Set<String> found = classes.stream()
                .map(type -> (type.getPackageName() + ".").substring(ROOT.length() + 1))
                .map(name -> name.split("\\.", 2)[0])
                .collect(Collectors.toSet());

        assertThat(MAY_USE.keySet()).containsAll(found);
    }

    @Test
    void packagesHaveNoCycles() {
        check(slices().matching(ROOT + ".(*)..").should().beFreeOfCycles());
    }

    @Test
    void nothingNeedsADesktop() {
        check(noClasses().should().dependOnClassesThat().resideInAnyPackage("java.awt..", "javax.swing.."));
    }

    @Test
    void onlyTheCommandLinePrintsAndExits() {
        check(noClasses()
                .that()
                .resideOutsideOfPackage(CLI)
                .should()
                .callMethod(System.class, "exit", int.class)
                .orShould()
                .callMethod(Runtime.class, "exit", int.class)
                .orShould()
                .callMethod(Runtime.class, "halt", int.class)
                .orShould()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err"));
    }

    @Test
    void onlyTheCommandLineChoosesTheLoggingBackEnd() {
        check(noClasses()
                .that()
                .resideOutsideOfPackage(CLI)
                .should()
                .dependOnClassesThat()
                .resideInAPackage("java.util.logging.."));
    }

    @Test
    void noFieldIsOptional() {
        check(fields().should().notHaveRawType(Optional.class));
    }

    @Test
    void noFieldIsInjected() {
        check(NO_CLASSES_SHOULD_USE_FIELD_INJECTION);
    }

    @ParameterizedTest
    @FieldSource("SOURCE_ROOTS")
    void everyPackageIsExplained(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            Set<Path> packages = files.filter(file -> file.toString().endsWith(".java"))
                    .map(Path::getParent)
                    .collect(Collectors.toSet());

            assertThat(packages).as("packages under %s", root).isNotEmpty();
            assertThat(packages)
                    .allSatisfy(folder ->
                            assertThat(folder.resolve("package-info.java")).exists());
        }
    }

    /** A rule about packages that nobody has written yet holds; {@link #importClasses} refuses to check nothing at all. */
    private void check(ArchRule rule) {
        rule.allowEmptyShould(true).check(classes);
    }

    private static String packages(String name) {
        return ROOT + "." + name + "..";
    }

    private static Set<String> union(Set<String> first, Set<String> second) {
        return Stream.concat(first.stream(), second.stream()).collect(Collectors.toSet());
    }
}
