package org.dilort.serve;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.dilort.data.Message;
import org.dilort.export.TestModels;

/** An export with random weights and a tokenizer of bytes. */
final class ServedFolder {
    static final Message HELLO = new Message("user", "hello");

    /** {@code user:hello;assistant:}. */
    private static final String TEMPLATE = "{% for m in messages %}{{ m.role }}:{{ m.content }};{% endfor %}assistant:";

    private ServedFolder() {}

    static Path withTemplate(Path temp) throws IOException {
        Path folder = write(temp);
        Files.writeString(folder.resolve("chat_template.jinja"), TEMPLATE);
        return folder;
    }

    static Path write(Path temp) {
        Path model = TestModels.random(
                temp.resolve("model"),
                3,
                config -> config.put("vocab_size", 280).put("tie_word_embeddings", false));
        TestModels.addTokenizer("tokenizer-bytes", model);
        return TestModels.export(model, temp.resolve("export"));
    }
}
