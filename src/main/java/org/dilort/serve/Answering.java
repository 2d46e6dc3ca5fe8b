package org.dilort.serve;

import java.io.IOException;
import java.time.Clock;
import java.util.UUID;
import org.dilort.error.UserException;
import org.dilort.export.Generation;
import org.dilort.export.Next;
import org.dilort.export.ScoredToken;
import org.dilort.serve.ApiRequest.Delivery;
import org.dilort.serve.Replies.Kind;

/** Answers one request after it has got its turn, whole or as a stream. */
final class Answering {
    private final Models models;
    private final Turnstile turnstile;
    private final ServerMetrics metrics;
    private final Clock clock;

    Answering(Models models, Turnstile turnstile, ServerMetrics metrics, Clock clock) {
        this.models = models;
        this.turnstile = turnstile;
        this.metrics = metrics;
        this.clock = clock;
    }

    void answer(Exchange exchange, ApiRequest request) throws IOException, InterruptedException {
        Kind kind = request.subject() instanceof ApiRequest.Chat ? Kind.CHAT : Kind.TEXT;
        String id = (kind == Kind.CHAT ? "chatcmpl-" : "cmpl-") + UUID.randomUUID();
        Models.Named model = models.named(request.model());
        Replies replies = new Replies(kind, id, clock.instant().getEpochSecond(), model.name());
        ScoredTokens scores = new ScoredTokens(kind, request);
        turnstile.enter();
        try {
            if (request.delivery() == Delivery.WHOLE) {
                Generation answer = generate(model.model(), request, new Whole(scores));
                exchange.json(200, replies.whole(answer, scores.take()));
            } else {
                Stream stream = new Stream(exchange, replies, scores);
                stream.end(generate(model.model(), request, stream), request.delivery());
            }
        } finally {
            turnstile.leave();
        }
    }

    private Generation generate(AlignedModel model, ApiRequest request, AlignedModel.Pieces pieces) {
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

    /** Hears of scores alone. */
    private record Whole(ScoredTokens scores) implements AlignedModel.Pieces {
        @Override
        public Next onPiece(String piece) {
            return Next.GO_ON;
        }

        @Override
        public void onScores(ScoredToken token) {
            scores.add(token);
        }
    }

    /** Begins with the first piece, so that a prompt that is refused still gets its status. */
    private static final class Stream implements AlignedModel.Pieces {
        private final Exchange exchange;
        private final Replies replies;
        private final ScoredTokens scores;
        private IOException failure = new IOException("none");
        private boolean gone;

        private Stream(Exchange exchange, Replies replies, ScoredTokens scores) {
            this.exchange = exchange;
            this.replies = replies;
            this.scores = scores;
        }

        @Override
        public Next onPiece(String piece) {
            try {
                begin();
                exchange.event(replies.piece(piece, scores.take()).toString());
                return Next.GO_ON;
            } catch (IOException e) {
                failure = e;
                gone = true;
                return Next.STOP;
            }
        }

        @Override
        public void onScores(ScoredToken token) {
            scores.add(token);
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
            exchange.event(replies.end(answer, scores.take()).toString());
            if (delivery == Delivery.STREAM_WITH_USAGE) {
                exchange.event(replies.usageChunk(answer).toString());
            }
            exchange.event("[DONE]");
        }
    }
}
