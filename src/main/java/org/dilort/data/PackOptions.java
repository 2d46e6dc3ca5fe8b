package org.dilort.data;

import org.dilort.error.ConfigException;

/**
 * How pairs are laid out.
 *
 * @param rowTokens bound of a row that holds several documents
 * @param microBatchTokens bound of rows times length; a longer document is a micro-batch of its own
 */
public record PackOptions(int rowTokens, int microBatchTokens, Layout layout) {

    public PackOptions {
        if (rowTokens < 1) {
            throw new ConfigException("train.row_tokens: got " + rowTokens + ", expected at least 1");
        }
        if (microBatchTokens < 1) {
            throw new ConfigException("train.micro_batch_tokens: got " + microBatchTokens + ", expected at least 1");
        }
    }
}
