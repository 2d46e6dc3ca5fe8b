package org.dilort.data;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;

/** What was found in the files of prepared data, as JSON. */
record PreparedReport(Part train, Part heldOut, List<HeldOutPart> parts) {
    private static final ObjectMapper MAPPER = new ObjectMapper()
            .registerModule(new SimpleModule()
                    .addSerializer(Path.class, ToStringSerializer.instance)
                    .addDeserializer(Path.class, new PathReader()));

    /** Of one data set. */
    record Part(List<FileReport> files, DataReport report, Findings findings) {
        static Part of(PairDataset set) {
            return new Part(set.files(), set.report(), set.findings());
        }

        PairDataset with(List<TokenizedPair> pairs) {
            return new PairDataset(pairs, files, report, findings);
        }
    }

    private static final class PathReader extends StdDeserializer<Path> {
        private static final long serialVersionUID = 1L;

        PathReader() {
            super(Path.class);
        }

        @Override
        public Path deserialize(JsonParser parser, DeserializationContext context) throws IOException {
            try {
                return Path.of(parser.getText());
            } catch (InvalidPathException e) {
                throw new IOException("no path: " + e.getReason(), e);
            }
        }
    }

    static byte[] toBytes(SplitDataset data) throws IOException {
        return MAPPER.writeValueAsBytes(
                new PreparedReport(Part.of(data.train()), Part.of(data.heldOut()), data.parts()));
    }

    static SplitDataset dataset(byte[] json, List<TokenizedPair> train, List<TokenizedPair> heldOut)
            throws IOException {
        PreparedReport report = MAPPER.readValue(json, PreparedReport.class);
        return new SplitDataset(report.train().with(train), report.heldOut().with(heldOut), report.parts());
    }
}
