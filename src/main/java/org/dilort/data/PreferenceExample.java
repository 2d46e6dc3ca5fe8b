package org.dilort.data;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.dilort.input.SourceLine;

/**
 * One line of preference data in the form in which it was written. Prompt and chosen response are never empty; an empty
 * rejected response means that there is none.
 */
public sealed interface PreferenceExample {

    SourceLine source();

    <R> R match(Cases<R> cases);

    record Text(SourceLine source, String prompt, String chosen, String rejected) implements PreferenceExample {

        @Override
        public <R> R match(Cases<R> cases) {
            return cases.text(this);
        }
    }

    /** @param variables what the chat template sees beside the messages, such as {@code tools} */
    record Messages(
            SourceLine source,
            List<Message> prompt,
            List<Message> chosen,
            List<Message> rejected,
            Map<String, JsonNode> variables)
            implements PreferenceExample {

        public Messages(SourceLine source, List<Message> prompt, List<Message> chosen, List<Message> rejected) {
            this(source, prompt, chosen, rejected, Map.of());
        }

        public Messages {
            variables = Map.copyOf(variables);
            prompt = List.copyOf(prompt);
            chosen = List.copyOf(chosen);
            rejected = List.copyOf(rejected);
        }

        /** The whole conversation that was chosen. */
        List<Message> withChosen() {
            return Stream.concat(prompt.stream(), chosen.stream()).toList();
        }

        /** The whole conversation that was rejected. */
        List<Message> withRejected() {
            return Stream.concat(prompt.stream(), rejected.stream()).toList();
        }

        @Override
        public <R> R match(Cases<R> cases) {
            return cases.messages(this);
        }
    }

    /** Ready-made ids, to be used as they are; the arrays are shared, not copied. */
    record TokenIds(SourceLine source, int[] prompt, int[] chosen, int[] rejected) implements PreferenceExample {

        @Override
        public <R> R match(Cases<R> cases) {
            return cases.tokenIds(this);
        }
    }

    /** One answer for each form. */
    interface Cases<R> {
        R text(Text example);

        R messages(Messages example);

        R tokenIds(TokenIds example);
    }
}
