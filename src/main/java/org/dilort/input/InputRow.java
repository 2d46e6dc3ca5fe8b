package org.dilort.input;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;

/**
 * One row of a file.
 *
 * @param fields an object in most files; whatever stood there in others
 * @param problem why there are no fields, while the rows after this one can be read; empty where there are some
 */
public record InputRow(JsonNode fields, SourceLine source, String problem) {

    public InputRow(JsonNode fields, SourceLine source) {
        this(fields, source, "");
    }

    static InputRow broken(SourceLine source, String problem) {
        return new InputRow(MissingNode.getInstance(), source, problem);
    }
}
