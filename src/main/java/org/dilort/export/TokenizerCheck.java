package org.dilort.export;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.dilort.data.ChatTemplate.GenerationPrompt;
import org.dilort.data.ChatTemplates;
import org.dilort.data.Message;
import org.dilort.data.Tokenizer;
import org.dilort.data.Tokenizer.SpecialText;

/** Whether texts become ids of the model and texts again. */
record TokenizerCheck(Path folder, int vocabulary) {
    private static final List<String> TEXTS =
            List.of("Hello, world!", "47+38=85", "na\u00efve caf\u00e9, \u65e5\u672c\u8a9e", "two  spaces\nand a line");
    private static final String MESSAGE = "What is 47+38?";

    /** A tokenizer that lacks letters loses them once; what it then says has to come back as it is. */
    String roundTrip(List<String> problems) {
        try (Tokenizer tokenizer = Tokenizer.open(folder)) {
            for (String text : TEXTS) {
                int[] ids = tokenizer.encode(text);
                String decoded = tokenizer.decode(ids, SpecialText.KEEP);
                String again = tokenizer.decode(tokenizer.encode(decoded), SpecialText.KEEP);
                if (!decoded.equals(text) && !again.equals(decoded)) {
                    problems.add("\"%s\": got \"%s\" after encoding and decoding, expected \"%s\" (%s)"
                            .formatted(decoded, again, decoded, where("tokenizer.json")));
                }
                Arrays.stream(ids)
                        .filter(id -> id >= vocabulary)
                        .findFirst()
                        .ifPresent(id -> problems.add("\"%s\": got id %d, expected less than vocab_size = %d (%s)"
                                .formatted(text, id, vocabulary, where("tokenizer.json"))));
            }
            return TEXTS.size() + " texts there and back, " + tokenizer.vocabularySize() + " tokens";
        }
    }

    String specialIds(List<String> problems) {
        try (Tokenizer tokenizer = Tokenizer.open(folder)) {
            int known = Math.min(vocabulary, tokenizer.vocabularySize());
            for (String file : List.of(CompanionFiles.CONFIG, CompanionFiles.GENERATION_CONFIG)) {
                SpecialIds ids = SpecialIds.ofFile(folder.resolve(file));
                requireKnown(SpecialIds.BEGIN_KEY, ids.begin(), known, file, problems);
                requireKnown(SpecialIds.END_KEY, ids.end(), known, file, problems);
                requireKnown(SpecialIds.PAD_KEY, ids.pad(), known, file, problems);
            }
        }
        SpecialIds all = SpecialIds.read(folder);
        return Stream.of(all.begin(), all.end(), all.pad()).mapToInt(List::size).sum() + " ids in the vocabulary";
    }

    private void requireKnown(String key, List<Integer> ids, int known, String file, List<String> problems) {
        ids.stream()
                .filter(id -> id >= known)
                .forEach(id ->
                        problems.add("%s: got %d, expected less than %d (%s)".formatted(key, id, known, where(file))));
    }

    String template(List<String> problems) {
        FilesCheck files = new FilesCheck(folder);
        if (!files.hasTemplate()) {
            return "none, inside or beside";
        }
        files.template(problems);
        String text = ChatTemplates.ofModel(folder, ChatTemplates.DATA_CLOCK)
                .render(List.of(new Message("user", MESSAGE)), GenerationPrompt.ADD);
        if (!text.contains(MESSAGE)) {
            problems.add("chat template: got \"" + text + "\", expected the user's message in it (" + folder + ")");
        }
        return "renders a user's message";
    }

    private Path where(String file) {
        return folder.resolve(file);
    }
}
