package org.dilort.data;

import java.util.List;
import java.util.StringJoiner;
import java.util.function.Consumer;
import org.dilort.error.DataException;
import org.dilort.input.InputRow;

/** Turns rows into examples, each by the first shape that it fits, or says what is wrong with them. */
final class ExampleParser {
    private final List<RowShape> shapes;
    private final RowShape plain;

    ExampleParser(RejectedUse rejected, RankedPairs ranked, Preset preset) {
        ImplicitPrompt implicit = preset.implicitPrompt();
        this.plain = new TextRows(rejected);
        this.shapes = List.of(
                new TokenIdRows(rejected),
                new UnpairedRows(),
                new MessageRows(rejected),
                new ConversationRows(rejected, implicit),
                implicit == ImplicitPrompt.COMMON_PREFIX ? new CommonPrefixRows() : new TranscriptRows(),
                plain,
                new ComparisonRows(),
                new RankedRows(ranked));
    }

    /** Hands over the examples of a row and returns what the row was. */
    String parse(InputRow row, Consumer<? super PreferenceExample> sink) {
        if (!row.problem().isEmpty()) {
            throw new DataException(row.source() + ": " + row.problem());
        }
        if (!row.fields().isObject()) {
            throw new DataException(
                    row.source() + ": got " + JsonLine.describe(row.fields()) + ", expected a JSON object");
        }
        JsonLine line = new JsonLine(row.fields(), row.source());
        RowShape shape = shapeOf(line);
        shape.parse(line, sink);
        return shape.label();
    }

    private RowShape shapeOf(JsonLine line) {
        for (RowShape shape : shapes) {
            if (shape.fits(line)) {
                return shape;
            }
        }
        if (!line.has(PairFields.CHOSEN)) {
            throw line.error("chosen: missing" + fieldsOf(line));
        }
        return plain;
    }

    private static String fieldsOf(JsonLine line) {
        StringJoiner names = new StringJoiner(", ", "; this row has ", "");
        line.root().fieldNames().forEachRemaining(name -> names.add(shortened(name)));
        return line.root().isEmpty() ? "" : names.toString();
    }

    private static String shortened(String name) {
        String plain = name.replaceAll("\\p{Cntrl}", "?");
        return plain.length() <= 40 ? plain : plain.substring(0, 40) + "...";
    }
}
