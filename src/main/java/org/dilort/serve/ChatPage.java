package org.dilort.serve;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The page at {@code /}: it chats with every model of its server at once, over {@code /v1/chat/completions}. */
final class ChatPage {
    private ChatPage() {}

    static String html() {
        String page = resource("chat.html");
        return page.replace("/* style */", resource("chat.css")).replace("/* script */", resource("chat.js"));
    }

    private static String resource(String name) {
        try (InputStream in = ChatPage.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(name + " is not in this build");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
