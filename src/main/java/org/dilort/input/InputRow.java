package org.dilort.input;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * One row of a file.
 *
 * @param fields an object in most files; whatever stood there in others
 */
public record InputRow(JsonNode fields, SourceLine source) {}
