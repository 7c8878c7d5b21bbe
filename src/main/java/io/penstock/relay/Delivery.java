package io.penstock.relay;

import io.penstock.classify.AnswerVerdict;
import io.penstock.classify.Classification;
import io.penstock.classify.Classifier;
import io.penstock.classify.Failure;
import io.penstock.classify.Phase;
import io.penstock.classify.Signal;
import io.penstock.classify.Subject;
import io.penstock.dialect.TerminalFrame;
import io.penstock.record.Interception.Outcome;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Everything after the commit: carries the answer over, works out at its end what became of it, and ends the
 * application's side accordingly. Owned by one event loop; tells how it ended exactly once.
 */
final class Delivery {
    private final ClientSide client;
    private final Classifier classifier;
    private final InterceptionDraft draft;
    private final Subject subject;
    private final @Nullable Classification known;
    private final Ended ended;
    private final ObservedAnswer observed;
    private final @Nullable TerminalFrame terminalFrame;
    private final ResponsePump pump;
    private final @Nullable AtomicInteger openStreams;
    private @Nullable Runnable ending;
    private long lastWords;
    private boolean unread;
    private boolean over;

    /** Told how a delivery ended. */
    interface Ended {

        /**
         * The delivery has ended.
         *
         * @param error what went wrong, or null
         * @param whole whether the upstream's answer was read to its end, so that its connection is good for another
         * @param blameless whether the error says nothing of the upstream: the application did not take the answer
         */
        void ended(Outcome outcome, @Nullable Classification error, Phase phase, boolean whole, boolean blameless);
    }

    /**
     * @param known the error that is being passed on, or null for a good answer
     * @param lent whether the key was Penstock's own, so that what is said of its account is not for the application
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
            boolean lent,
            Ended ended) {
        this.client = commit.client();
        this.observed = commit.observed();
        this.classifier = request.upstreams().classifier();
        this.draft = draft;
        this.subject = subject;
        this.known = known;
        this.ended = ended;
        this.openStreams = observed.eventStream()
                ? services.traffic().openStreams(request.route().name())
                : null;
        this.terminalFrame = known == null && observed.extensible() && observed.streams()
                ? new TerminalFrame(
                        request.route().dialect(),
                        request.head().operation(),
                        request.head().streaming(),
                        observed.answer().headers().get(HttpHeaders.CONTENT_TYPE))
                : null;
        this.pump = new ResponsePump(
                commit,
                terminalFrame,
                lent ? screen(request) : null,
                services.timers(),
                idle,
                draft::firstContent,
                this::pumped);
        draft.committed(commit.status(), observed.observer());
        if (openStreams != null) {
            openStreams.incrementAndGet();
        }
    }

    /** Looks for errors that are not for the application; null where nobody looks into the answer. */
    private @Nullable AccountScreen screen(RelayRequest request) {
        return known != null || !observed.judged() || !observed.streams() || observed.packed()
                ? null
                : new AccountScreen(
                        request.route().dialect(),
                        observed.operation(),
                        observed.answer().headers().get(HttpHeaders.CONTENT_TYPE),
                        error -> classify(new Failure.InBand(error)));
    }

    /** @param untilFirstContent what is left of the time to the first content */
    void start(Opening opening, Duration untilFirstContent) {
        pump.start(opening, untilFirstContent);
    }

    /** @param held what was read of the error that is passed on */
    void startWith(Buffer held) {
        pump.startWith(held);
    }

    /** The application has left: its own choice, and no failure; after the answer's terminal marker even a success. */
    void clientGone() {
        if (ending != null) {
            ending.run();
            return;
        }
        pump.stop();
        Classification told = told();
        if (told != null) {
            // Many a client closes because of the error it was told of: that is no change of mind.
            end(Outcome.ERROR, told, false);
        } else {
            end(observed.observer().complete() ? Outcome.SUCCESS : Outcome.CANCELED, null, false);
        }
    }

    /** Ends the answer before its end. */
    void abort(Signal signal, String reason) {
        pump.stop();
        unread = ending != null || pump.waitsForClient();
        String detail = unread ? reason + "; the application did not take what there was" : reason;
        if (ending != null) {
            // The application has everything but will not take it: nothing more can be said to it.
            client.reset();
            end(Outcome.ERROR, classify(new Failure.Signalled(signal, detail)), false);
        } else {
            pumped(new PumpEnd.Broken(signal, detail));
        }
    }

    private void pumped(PumpEnd pumpEnd) {
        if (pumpEnd instanceof PumpEnd.Withheld withheld) {
            Classification error = withheld.error();
            breakOff(error, OwnAnswer.masked(subject.dialect(), error).status(), OwnAnswer.maskedMessage(error));
            return;
        }
        Classification told = told();
        Classification error =
                told != null ? told : failure(pumpEnd).map(this::classify).orElse(null);
        boolean whole = pumpEnd instanceof PumpEnd.Ended;
        if (error == null || (told != null && whole)) {
            endProperly(error, whole);
        } else {
            breakOff(error, told != null);
        }
    }

    private void endProperly(@Nullable Classification error, boolean whole) {
        Runnable done = () -> end(error == null ? Outcome.SUCCESS : Outcome.ERROR, error, whole);
        ending = done;
        MultiMap trailers = whole ? observed.answer().trailers() : HttpHeaders.headers();
        client.end(trailers).onComplete(sent -> done.run());
    }

    /**
     * Ends the application's side so that half an answer cannot be taken for a whole one.
     *
     * @param told whether the application has been told of the error in the answer itself
     */
    private void breakOff(Classification error, boolean told) {
        if (told) {
            breakOff(error, new byte[0]);
        } else {
            breakOff(error, OwnAnswer.of(subject.dialect(), error).status(), OwnAnswer.message(error));
        }
    }

    private void breakOff(Classification error, int status, String message) {
        breakOff(
                error,
                terminalFrame == null
                        ? new byte[0]
                        : terminalFrame.render(
                                status,
                                error.category().name(),
                                message,
                                observed.observer().frames()));
    }

    private void breakOff(Classification error, byte[] frame) {
        lastWords = frame.length;
        client.breakOff(Buffer.buffer(frame));
        end(Outcome.ERROR, error, false);
    }

    /** What the answer itself says went wrong, or null: nothing that happens to its connection later says more. */
    private @Nullable Classification told() {
        return known != null || observed.observer().error() == null
                ? known
                : classify(new Failure.InBand(observed.observer().error()));
    }

    private Optional<Failure> failure(PumpEnd pumpEnd) {
        if (pumpEnd instanceof PumpEnd.Broken broken) {
            return AnswerVerdict.atBreak(observed.observer(), broken.signal(), broken.detail());
        }
        // Its coding turned out to be broken, or without bounds: what nobody could read cannot be called truncated.
        return observed.readable() ? AnswerVerdict.atEnd(observed.observer(), observed.operation()) : Optional.empty();
    }

    private Classification classify(Failure failure) {
        return classifier.classify(failure, subject);
    }

    private void end(Outcome outcome, @Nullable Classification error, boolean whole) {
        if (over) {
            return;
        }
        over = true;
        if (openStreams != null) {
            openStreams.decrementAndGet();
        }
        draft.responseBytes(pump.bytes() + lastWords);
        ended.ended(outcome, error, known != null ? Phase.PRE_COMMIT : Phase.MID_STREAM, whole, unread);
    }
}
