package org.dilort.serve;

import java.io.IOException;
import java.time.Clock;
import java.util.UUID;
import org.dilort.error.UserException;
import org.dilort.export.Generation;
import org.dilort.export.Next;
import org.dilort.serve.ApiRequest.Delivery;
import org.dilort.serve.Replies.Kind;

/** Answers one request after it has got its turn, whole or as a stream. */
final class Answering {
    private final AlignedModel model;
    private final String modelName;
    private final Turnstile turnstile;
    private final ServerMetrics metrics;
    private final Clock clock;

    Answering(AlignedModel model, String modelName, Turnstile turnstile, ServerMetrics metrics, Clock clock) {
        this.model = model;
        this.modelName = modelName;
        this.turnstile = turnstile;
        this.metrics = metrics;
        this.clock = clock;
    }

    void answer(Exchange exchange, ApiRequest request) throws IOException, InterruptedException {
        Kind kind = request.subject() instanceof ApiRequest.Chat ? Kind.CHAT : Kind.TEXT;
        String id = (kind == Kind.CHAT ? "chatcmpl-" : "cmpl-") + UUID.randomUUID();
        Replies replies = new Replies(kind, id, clock.instant().getEpochSecond(), modelName);
        turnstile.enter();
        try {
            if (request.delivery() == Delivery.WHOLE) {
                exchange.json(200, replies.whole(generate(request, AlignedModel.IGNORE)));
            } else {
                stream(exchange, request, replies);
            }
        } finally {
            turnstile.leave();
        }
    }

    private void stream(Exchange exchange, ApiRequest request, Replies replies) throws IOException {
        Stream stream = new Stream(exchange, replies);
        Generation answer = generate(request, stream);
        stream.end(answer, request.delivery());
    }

    private Generation generate(ApiRequest request, AlignedModel.Pieces pieces) {
        long began = System.nanoTime();
        try {
            Generation answer = request.subject() instanceof ApiRequest.Chat chat
                    ? model.chat(chat.messages(), request.settings(), pieces)
                    : model.complete(((ApiRequest.Prompt) request.subject()).text(), request.settings(), pieces);
            metrics.answered(answer, System.nanoTime() - began);
            return answer;
        } catch (UserException e) {
            throw RequestException.invalid(e.getMessage());
        }
    }

    /** Begins with the first piece, so that a prompt that is refused still gets its status. */
    private static final class Stream implements AlignedModel.Pieces {
        private final Exchange exchange;
        private final Replies replies;
        private IOException failure = new IOException("none");
        private boolean gone;

        private Stream(Exchange exchange, Replies replies) {
            this.exchange = exchange;
            this.replies = replies;
        }

        @Override
        public Next onPiece(String piece) {
            try {
                begin();
                exchange.event(replies.piece(piece).toString());
                return Next.GO_ON;
            } catch (IOException e) {
                failure = e;
                gone = true;
                return Next.STOP;
            }
        }

        private void begin() throws IOException {
            if (exchange.hasBegun()) {
                return;
            }
            exchange.beginEvents();
            if (replies.kind() == Kind.CHAT) {
                exchange.event(replies.begin().toString());
            }
        }

        private void end(Generation answer, Delivery delivery) throws IOException {
            if (gone) {
                throw failure;
            }
            begin();
            exchange.event(replies.end(answer).toString());
            if (delivery == Delivery.STREAM_WITH_USAGE) {
                exchange.event(replies.usageChunk(answer).toString());
            }
            exchange.event("[DONE]");
        }
    }
}
