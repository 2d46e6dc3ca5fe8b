package org.dilort.data;

import org.dilort.error.DataException;
import org.dilort.input.SourceLine;

/** What happens to a row that is wrong. */
enum Refusals {
    /** It ends the reading. */
    STOP {
        @Override
        Finding note(SourceLine source, DataException refusal) {
            throw refusal;
        }
    },
    /** It is noted, and the reading goes on. */
    NOTE {
        @Override
        Finding note(SourceLine source, DataException refusal) {
            String message = String.valueOf(refusal.getMessage());
            String place = source + ": ";
            String detail = message.startsWith(place) ? message.substring(place.length()) : message;
            return new Finding(FindingKind.UNUSABLE_ROW, source, detail);
        }
    };

    /** @throws DataException the refusal itself, unless it is noted */
    abstract Finding note(SourceLine source, DataException refusal);
}
