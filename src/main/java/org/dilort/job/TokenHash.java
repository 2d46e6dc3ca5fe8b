package org.dilort.job;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.dilort.data.TokenizedPair;
import org.dilort.files.Sha256;

/** SHA-256 of a data set's token ids, which carry tokenizer, template, data and truncation in them. */
final class TokenHash {
    private TokenHash() {}

    static String of(List<TokenizedPair> pairs) {
        StringBuilder hashes = new StringBuilder();
        for (TokenizedPair pair : pairs) {
            List<int[]> parts = pair.parts();
            ByteBuffer bytes = ByteBuffer.allocate((pair.documentTokens() + parts.size()) * Integer.BYTES);
            for (int[] part : parts) {
                bytes.putInt(part.length);
                for (int id : part) {
                    bytes.putInt(id);
                }
            }
            hashes.append(Sha256.of(bytes.array()));
        }
        return Sha256.of(hashes.toString().getBytes(StandardCharsets.US_ASCII));
    }
}
