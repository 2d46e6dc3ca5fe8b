package org.dilort.config;

import java.nio.file.Path;
import java.util.List;

/**
 * Preference data and how it becomes tokens.
 *
 * @param train one or more
 * @param eval the held-out pairs; empty = no evaluation, or a part of {@code train}
 * @param evalSplit share of the training prompts that are held out instead, chosen by their hash; none = no split
 * @param maxLength tokens of a prompt and one of its responses
 * @param maxPromptLength tokens of a prompt
 * @param cache of what was tokenised, by default {@code data-cache} beside {@code output}
 */
public record DataConfig(
        List<DataSource> train,
        List<EvalSource> eval,
        NumberSetting evalSplit,
        RankedPairs rankedPairs,
        ChatTemplate chatTemplate,
        int maxLength,
        Limit maxPromptLength,
        Truncation truncation,
        DataPreset preset,
        DataCache cache)
        implements Section {

    public DataConfig {
        train = List.copyOf(train);
        eval = List.copyOf(eval);
        Require.check(!train.isEmpty(), "train", "an empty list", "a file or folder, or a list of them");
        Require.wholeNumber("max_length", maxLength, 1);
        Require.check(isShare(evalSplit), "eval_split", evalSplit.text(), "a number > 0 and < 1, or none");
        boolean split = !evalSplit.equals(NumberSetting.none());
        Require.check(!split || eval.isEmpty(), "eval_split", evalSplit.text(), "none beside data.eval");
    }

    /** Files, folders and patterns of the held-out pairs. */
    public List<Path> evalPaths() {
        return eval.stream().map(EvalSource::path).toList();
    }

    /** Whether anything is held out. */
    public boolean evaluates() {
        return !eval.isEmpty() || !evalSplit.equals(NumberSetting.none());
    }

    private static boolean isShare(NumberSetting setting) {
        return setting.equals(NumberSetting.none())
                || setting instanceof NumberSetting.Value share && share.value() > 0 && share.value() < 1;
    }
}
