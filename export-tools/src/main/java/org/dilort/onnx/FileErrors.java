package org.dilort.onnx;

import java.util.function.Supplier;
import org.dilort.error.FormatException;
import org.dilort.error.UnsupportedOperatorException;

/**
 * What is wrong with an ONNX file, said in one line with the place in it.
 *
 * @param source the file's name
 */
public record FileErrors(String source) {
    private static final int LONGEST_MESSAGE = 500;

    /** The opsets in which the operators that graphs here may use mean the same. */
    private static final long FIRST_OPSET = 13;

    private static final long LAST_OPSET = 21;

    /** @param version 0 = the file names none */
    void requireOpset(long version) {
        if (version < FIRST_OPSET || version > LAST_OPSET) {
            String found = version == 0 ? "no opset" : "opset " + version;
            throw failure(found + ", expected " + FIRST_OPSET + " to " + LAST_OPSET);
        }
    }

    /** What goes wrong in {@code body}, as the file's mistake. */
    public <T> T at(String place, Supplier<T> body) {
        try {
            return body.get();
        } catch (UnsupportedOperatorException e) {
            throw new UnsupportedOperatorException(oneLine(place + ": " + e.getMessage()), e);
        } catch (IllegalArgumentException | IllegalStateException | IndexOutOfBoundsException e) {
            throw new FormatException(oneLine(place + ": " + e.getMessage()), e);
        } catch (ArithmeticException e) {
            throw new FormatException(oneLine(place + ": a size is out of range"), e);
        }
    }

    public FormatException failure(String problem) {
        return new FormatException(oneLine(problem));
    }

    /** Names in a file may hold anything. */
    private String oneLine(String problem) {
        String text = (source + ": " + problem).replaceAll("\\p{Cntrl}", "?");
        return text.length() <= LONGEST_MESSAGE ? text : text.substring(0, LONGEST_MESSAGE) + " ...";
    }
}
