package org.dilort.cli;

/** Makes one line of any text. */
final class Lines {

    private Lines() {}

    static String one(String text) {
        return text.strip().replaceAll("\\s*\\R\\s*", " ");
    }
}
