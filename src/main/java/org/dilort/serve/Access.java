package org.dilort.serve;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/** Who may ask. */
public sealed interface Access {

    /** @param authorization the header of that name, empty where there is none */
    boolean admits(String authorization);

    record Open() implements Access {
        @Override
        public boolean admits(String authorization) {
            return true;
        }
    }

    /** Those who send {@code Authorization: Bearer TOKEN}. */
    record Bearer(String token) implements Access {
        public Bearer {
            if (token.isBlank()) {
                throw new IllegalArgumentException("an empty token");
            }
        }

        /** Takes as long for a wrong token that begins well as for any other. */
        @Override
        public boolean admits(String authorization) {
            byte[] expected = ("Bearer " + token).getBytes(StandardCharsets.UTF_8);
            return MessageDigest.isEqual(expected, authorization.getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public String toString() {
            return "Bearer[token=***]";
        }
    }
}
