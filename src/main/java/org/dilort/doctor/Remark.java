package org.dilort.doctor;

/**
 * One line about a run.
 *
 * @param step after which it was noticed, 0 before the first
 * @param name of what it is about, the same whenever that is noticed
 * @param text the number measured, what was expected, what it means and what to try
 * @param page documentation file with anchor
 */
public record Remark(long step, String name, Severity severity, String text, String page) {

    public Remark {
        if (step < 0) {
            throw new IllegalArgumentException("step " + step + ", expected 0 or more");
        }
        requireLine("name", name);
        requireLine("text", text);
        requireLine("page", page);
    }

    /** As a console shows it. */
    public String line() {
        return (step == 0 ? "" : "step " + step + ": ") + text + " (" + page + ")";
    }

    private static void requireLine(String what, String value) {
        if (value.isBlank() || value.lines().count() > 1) {
            throw new IllegalArgumentException(what + " \"" + value + "\", expected one line");
        }
    }
}
