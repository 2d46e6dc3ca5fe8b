package org.dilort.data;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import org.dilort.files.Sha256;

/**
 * Places prompts between 0 and 1 by their hash, so that a share of them is the same prompts in every run, whatever the
 * order of the files, the tokenizer and the seed; equal prompts have equal places.
 */
enum PromptShare {
    /** Which prompts are held out. */
    HELD_OUT,
    /** Which pairs a fraction of a weight takes. */
    WEIGHT;

    private static final double TWO_TO_THE_53 = 0x1p53;

    /** The place of an example's prompt, at least 0 and below 1. */
    double place(PreferenceExample example) {
        String hash = Sha256.of((name() + "\n" + key(example)).getBytes(StandardCharsets.UTF_8));
        return (Long.parseUnsignedLong(hash.substring(0, 16), 16) >>> 11) / TWO_TO_THE_53;
    }

    /** A text that is the same for equal prompts alone. */
    static String key(PreferenceExample example) {
        return example.match(new Keys());
    }

    private record Keys() implements PreferenceExample.Cases<String> {

        @Override
        public String text(PreferenceExample.Text example) {
            return "text\n" + example.prompt();
        }

        @Override
        public String messages(PreferenceExample.Messages example) {
            return "messages" + joined(example.prompt());
        }

        /** Each part with its length, so that no two lists of messages look alike. */
        private static String joined(List<Message> messages) {
            return messages.stream()
                    .map(message -> "\n" + message.role().length() + " " + message.role() + " "
                            + message.content().length() + " " + message.content())
                    .collect(Collectors.joining());
        }

        @Override
        public String tokenIds(PreferenceExample.TokenIds example) {
            ByteBuffer bytes = ByteBuffer.allocate(example.prompt().length * Integer.BYTES);
            bytes.asIntBuffer().put(example.prompt());
            return "ids\n" + Sha256.of(bytes.array());
        }
    }
}
