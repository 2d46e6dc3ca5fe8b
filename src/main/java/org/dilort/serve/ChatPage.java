package org.dilort.serve;

import org.dilort.files.Resources;

/** The page at {@code /}: it chats with every model of its server at once, over {@code /v1/chat/completions}. */
final class ChatPage {
    private ChatPage() {}

    static String html() {
        return text("chat.html").replace("/* style */", text("chat.css")).replace("/* script */", text("chat.js"));
    }

    private static String text(String name) {
        return Resources.text(ChatPage.class, name);
    }
}
