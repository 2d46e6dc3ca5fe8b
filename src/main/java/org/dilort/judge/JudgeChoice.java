package org.dilort.judge;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import org.dilort.eval.Reward;

/** Who judges. */
public sealed interface JudgeChoice {

    /** In words, for the results. */
    String description();

    /**
     * A program of the user's; see {@link ProgramJudge}.
     *
     * @param limit of one comparison
     */
    record Program(Path path, Duration limit) implements JudgeChoice {
        @Override
        public String description() {
            return "program " + path;
        }
    }

    /**
     * The implicit reward of a policy.
     *
     * @param policy a model folder whose tokenizer and chat template are used
     * @param reference with the same vocabulary
     */
    record Model(Path policy, Path reference, Reward reward) implements JudgeChoice {
        @Override
        public String description() {
            return "implicit reward of " + policy + " over " + reference + " (" + reward + ")";
        }
    }

    /**
     * A server with OpenAI's chat interface.
     *
     * @param uri of the interface, with or without {@code /chat/completions}
     * @param model its name there
     * @param token of {@code Authorization: Bearer}; empty = none
     * @param limit of one answer
     */
    record Endpoint(URI uri, String model, String token, Duration limit, JudgePrompt prompt) implements JudgeChoice {
        @Override
        public String description() {
            return model + " at " + uri;
        }

        @Override
        public String toString() {
            return "Endpoint[" + description() + "]";
        }
    }
}
