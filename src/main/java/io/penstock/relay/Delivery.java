package io.penstock.relay;

import io.penstock.classify.Classification;
import io.penstock.classify.Classifier;
import io.penstock.classify.Failure;
import io.penstock.classify.Phase;
import io.penstock.classify.Signal;
import io.penstock.classify.Subject;
import io.penstock.dialect.AnswerObserver;
import io.penstock.dialect.AnswerObservers;
import io.penstock.dialect.ContentDecoder;
import io.penstock.dialect.MediaType;
import io.penstock.dialect.ProviderError;
import io.penstock.record.Interception.Outcome;
import io.penstock.upstream.UpstreamAnswer;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Everything after the commit: carries the answer over, and works out at its end what became of it. Owned by one event
 * loop; tells how it ended exactly once.
 */
final class Delivery {
    private final ClientSide client;
    private final Classifier classifier;
    private final InterceptionDraft draft;
    private final Subject subject;
    private final @Nullable Classification known;
    private final Ended ended;
    private final AnswerObserver observer;
    private final ResponsePump pump;
    private final @Nullable AtomicInteger openStreams;
    private boolean over;

    /** Told how a delivery ended. */
    interface Ended {

        /**
         * The delivery has ended.
         *
         * @param error what went wrong, or null
         * @param whole whether the upstream's answer was read to its end, so that its connection is good for another
         */
        void ended(Outcome outcome, @Nullable Classification error, Phase phase, boolean whole);
    }

    /**
     * @param known the error that is being passed on, or null for a good answer
     * @param subject what a failure from now on is judged in the light of
     */
    Delivery(
            Commit commit,
            RelayRequest request,
            InterceptionDraft draft,
            RelayServices services,
            Duration idle,
            Subject subject,
            @Nullable Classification known,
            Ended ended) {
        UpstreamAnswer answer = commit.answer();
        String contentType = answer.headers().get(HttpHeaders.CONTENT_TYPE);
        this.client = commit.client();
        this.classifier = request.upstreams().classifier();
        this.draft = draft;
        this.subject = subject;
        this.known = known;
        this.ended = ended;
        ContentDecoder coded = ContentDecoder.of(answer.headers().get(HttpHeaders.CONTENT_ENCODING));
        ContentDecoder decoder = coded.readable() ? coded : ContentDecoder.of(null);
        this.observer = coded.readable()
                ? AnswerObservers.of(request.route().dialect(), request.head().operation(), contentType)
                : AnswerObservers.opaque();
        this.openStreams = MediaType.of(contentType) == MediaType.EVENT_STREAM
                ? services.traffic().openStreams(request.route().name())
                : null;
        this.pump =
                new ResponsePump(commit, observer, decoder, services.timers(), idle, draft::firstContent, this::pumped);
        draft.committed(answer.status(), observer);
        if (openStreams != null) {
            openStreams.incrementAndGet();
        }
    }

    /** @param untilFirstContent what is left of the time to the first content */
    void start(Duration untilFirstContent) {
        pump.start(untilFirstContent);
    }

    /** @param held what was read of the error that is passed on */
    void startWith(Buffer held) {
        pump.startWith(held);
    }

    /** The application has left: its own choice, and no failure; after the answer's terminal marker even a success. */
    void clientGone() {
        pump.stop();
        Classification error = told();
        if (error != null) {
            // Many a client closes because of the error it was told of: that is no change of mind.
            end(Outcome.ERROR, error, false);
        } else {
            end(observer.complete() ? Outcome.SUCCESS : Outcome.CANCELED, null, false);
        }
    }

    /** Ends the answer before its end. */
    void abort(Signal signal, String detail) {
        pump.stop();
        pumped(new PumpEnd.Broken(signal, detail));
    }

    private void pumped(PumpEnd pumpEnd) {
        boolean whole = pumpEnd instanceof PumpEnd.Finished;
        if (!whole) {
            client.reset();
        }
        Classification told = told();
        Classification error = told != null ? told : failure(pumpEnd);
        end(error == null ? Outcome.SUCCESS : Outcome.ERROR, error, whole);
    }

    /** What the answer itself says went wrong, or null: nothing that happens to its connection later says more. */
    private @Nullable Classification told() {
        ProviderError inBand = observer.error();
        return known != null || inBand == null ? known : classifier.classify(new Failure.InBand(inBand), subject);
    }

    /** What the way the answer ended says, or null: after the terminal marker the upstream owes nothing any more. */
    private @Nullable Classification failure(PumpEnd pumpEnd) {
        if (pumpEnd instanceof PumpEnd.Finished && !pump.readable()) {
            // Its coding turned out to be broken, or without bounds: what nobody could read cannot be called truncated.
            return null;
        }
        Failure.Signalled failure = pumpEnd instanceof PumpEnd.Broken broken
                ? new Failure.Signalled(broken.signal(), broken.detail())
                : new Failure.Signalled(Signal.TRUNCATED, "the stream ended without its terminal marker");
        return observer.complete() && failure.signal() != Signal.DEADLINE
                ? null
                : classifier.classify(failure, subject);
    }

    private void end(Outcome outcome, @Nullable Classification error, boolean whole) {
        if (over) {
            return;
        }
        over = true;
        if (openStreams != null) {
            openStreams.decrementAndGet();
        }
        draft.responseBytes(pump.bytes());
        ended.ended(outcome, error, known != null ? Phase.PRE_COMMIT : Phase.MID_STREAM, whole);
    }
}
