package org.dilort.job;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.dilort.artifacts.GraphOptions;
import org.dilort.artifacts.InitialWeights;
import org.dilort.config.ReferenceModel;
import org.dilort.data.ReferenceScores;
import org.dilort.data.TokenizedPair;
import org.dilort.error.ConfigException;
import org.dilort.files.Sha256;
import org.dilort.heads.OptionalInput;
import org.dilort.job.ReferencePass.Detail;
import org.dilort.model.CausalLm;
import org.dilort.onnx.DType;
import org.dilort.runtime.LogProbModel;
import org.dilort.runtime.OrtScorer;
import org.dilort.weights.SafetensorsFolder;

/** The reference log-probabilities of a run's data sets. */
final class References {
    private final RunContext run;
    private final Reference reference;

    /** Looks at the reference model, and reads it once where it is another than the initial policy. */
    References(RunContext run) {
        this.run = run;
        this.reference = reference(run);
    }

    /** Which model the policy is compared with. */
    private sealed interface Reference {
        /** The head needs none. */
        record None() implements Reference {}

        record InitialPolicy() implements Reference {}

        record Other(Path folder, CausalLm model, String hash) implements Reference {}
    }

    private static Reference reference(RunContext run) {
        if (!run.settings().objective().needsReference()) {
            return new Reference.None();
        }
        if (run.config().reference().path() instanceof ReferenceModel.Folder folder) {
            try (StartingModel other =
                    StartingModel.open(folder.path(), run.start().length())) {
                return new Reference.Other(other.folder(), other.model(), other.hash());
            }
        }
        return new Reference.InitialPolicy();
    }

    /**
     * Zeros for heads that need no reference.
     *
     * @throws org.dilort.error.FormatException for a reference whose weights are not finite, when values are missing
     */
    ReferenceScores of(String what, List<TokenizedPair> pairs) {
        if (reference instanceof Reference.None) {
            return zeros(pairs);
        }
        return pass().scores(task(what, pairs), opener());
    }

    /** Computes a part of what a run would, for a head that needs a reference. */
    void compute(String what, List<TokenizedPair> pairs, ReferenceJob.Part part) {
        pass().compute(task(what, pairs), part::has, opener());
    }

    private ReferencePass pass() {
        return new ReferencePass(run.config().reference().cache(), run.referencePacker(), run.output());
    }

    private Detail detail() {
        return run.settings().objective().asksFor(OptionalInput.TOKEN_LOGPS) ? Detail.TOKENS : Detail.SUMS;
    }

    private ReferencePass.Task task(String what, List<TokenizedPair> pairs) {
        if (reference instanceof Reference.Other other) {
            requireVocabulary(other, pairs);
            return new ReferencePass.Task(what, pairs, hash(other.hash()), detail());
        }
        return new ReferencePass.Task(what, pairs, hash(run.tuning().hash()), detail());
    }

    private ReferencePass.Reference opener() {
        Set<OptionalInput> wanted = detail().wanted();
        return reference instanceof Reference.Other other
                ? () -> scorer(other, wanted)
                : () -> run.atStart(stored -> run.scorer(stored, wanted));
    }

    /** Of a model and of how it is computed: narrower products give other numbers. */
    private String hash(String model) {
        DType products = run.settings().products();
        return products == DType.FLOAT
                ? model
                : Sha256.of((model + " products " + products).getBytes(StandardCharsets.US_ASCII));
    }

    private static ReferenceScores zeros(List<TokenizedPair> pairs) {
        List<float[]> tokens = pairs.stream()
                .map(pair -> new float[pair.chosen().length + pair.rejected().length])
                .toList();
        return new ReferenceScores(new float[2 * pairs.size()], tokens);
    }

    private LogProbModel scorer(Reference.Other other, Set<OptionalInput> wanted) {
        try (SafetensorsFolder weights = SafetensorsFolder.open(other.folder())) {
            InitialWeights.requireFinite(other.model(), weights);
            RunSettings settings = run.settings();
            GraphOptions options = run.scoringOptions(other.model().size());
            return OrtScorer.open(other.model(), weights, options, wanted, settings.session());
        }
    }

    /** What tells this run's reference from any other. */
    String identity() {
        if (reference instanceof Reference.Other other) {
            return other.folder() + " with SHA-256 " + other.hash();
        }
        return reference instanceof Reference.None ? "none" : "initial_policy";
    }

    private static void requireVocabulary(Reference.Other reference, List<TokenizedPair> pairs) {
        int greatest = pairs.stream()
                .flatMap(pair -> pair.parts().stream())
                .flatMapToInt(Arrays::stream)
                .max()
                .orElse(0);
        int vocabulary = reference.model().size().vocabulary();
        if (greatest >= vocabulary) {
            throw new ConfigException("reference.path: " + reference.folder() + " has a vocabulary of " + vocabulary
                    + " tokens, but the data has token id " + greatest + "; expected a model with the policy's tokens");
        }
    }
}
