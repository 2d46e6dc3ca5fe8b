package org.dilort.config;

import java.nio.file.Path;
import java.util.List;

/**
 * Preference data and how it becomes tokens.
 *
 * @param train files or folders, one or more
 * @param eval files or folders of the held-out set; empty = no evaluation
 * @param maxLength tokens of a prompt and one of its responses
 * @param maxPromptLength tokens of a prompt
 */
public record DataConfig(
        List<Path> train,
        List<Path> eval,
        ChatTemplate chatTemplate,
        int maxLength,
        Limit maxPromptLength,
        Truncation truncation,
        DataPreset preset)
        implements Section {

    public DataConfig {
        train = List.copyOf(train);
        eval = List.copyOf(eval);
        Require.check(!train.isEmpty(), "train", "an empty list", "a file or folder, or a list of them");
        Require.wholeNumber("max_length", maxLength, 1);
    }
}
