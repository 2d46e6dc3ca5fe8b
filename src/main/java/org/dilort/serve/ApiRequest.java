package org.dilort.serve;

import java.util.List;
import org.dilort.data.Message;
import org.dilort.export.GenerationSettings;

/**
 * What a client asks for.
 *
 * @param model its name, empty where none is given
 */
record ApiRequest(String model, Subject subject, GenerationSettings settings, Delivery delivery) {

    /** What is to be answered. */
    sealed interface Subject {}

    record Chat(List<Message> messages) implements Subject {
        Chat {
            messages = List.copyOf(messages);
        }
    }

    record Prompt(String text) implements Subject {}

    /** How the answer comes. */
    enum Delivery {
        WHOLE,
        STREAM,
        /** A stream whose last event has the counts of tokens. */
        STREAM_WITH_USAGE
    }
}
