package io.penstock.relay;

import io.penstock.classify.AnswerVerdict;
import io.penstock.classify.Failure;
import io.penstock.classify.Signal;
import io.penstock.dialect.ProviderError;
import io.penstock.policy.RoutePolicy.Hold;
import io.penstock.relay.HeldAnswer.Extent;
import io.penstock.upstream.TransportFailure;
import io.penstock.upstream.UpstreamAnswer;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether an answer of good status may be committed. Reads it, and holds what it read, while it says nothing but
 * that an answer is being made; what goes wrong until then is an ordinary failure.
 *
 * <ul>
 *   <li>A stream is let go with the chunk that holds its first content, in the same tick.
 *   <li>A document is of no use before its end, so it is held to its end: one that breaks off is asked for elsewhere. Once
 *       its content has begun the rest is waited for a moment only.
 *   <li>Either is let go when it reaches a bound of the {@link Hold}: memory is bounded whatever a provider sends.
 * </ul>
 *
 * <p>Owned by one event loop; tells its verdict once, unless it is stopped first.
 */
final class CommitGate {
    /** How long the rest of a document is waited for, as long as for the body of an error. */
    static final Duration REST_OF_A_DOCUMENT = Duration.ofSeconds(5);

    private static final int OK = 200;
    private static final int MULTIPLE_CHOICES = 300;
    private static final int NOT_MODIFIED = 304;

    private final ObservedAnswer observed;
    private final Hold hold;
    private final Timers timers;
    private final Runnable contentBegan;
    private final Consumer<Verdict> told;
    private final Buffer held = Buffer.buffer();

    private Timers.Timer limit = Timers.Timer.NONE;
    private boolean begun;
    private boolean over;

    /** What the gate says. */
    sealed interface Verdict {

        record Open(Opening opening) implements Verdict {}

        /**
         * The answer is none.
         *
         * @param held what was read of it
         */
        record Shut(Failure failure, Buffer held, Extent extent) implements Verdict {}
    }

    /** @param contentBegan run when the content of a document has begun, which is held nevertheless */
    CommitGate(ObservedAnswer observed, Hold hold, Timers timers, Runnable contentBegan, Consumer<Verdict> told) {
        this.observed = observed;
        this.hold = hold;
        this.timers = timers;
        this.contentBegan = contentBegan;
        this.told = told;
    }

    /** Whether the status promises an answer rather than an error. */
    static boolean goodStatus(int status) {
        return (status >= OK && status < MULTIPLE_CHOICES) || status == NOT_MODIFIED;
    }

    void begin() {
        Optional<Signal> objection = objection();
        if (objection.isPresent()) {
            shut(new Failure.Signalled(objection.get(), null), Extent.BEGINNING);
        } else if (!observed.judged()) {
            open(false);
        } else {
            if (hold.time() != null) {
                limit = timers.after(hold.time(), this::timeIsUp);
            }
            observed.answer().read(this::chunk, end -> ended(), this::brokeOff);
        }
    }

    /** Stops without a word. */
    void stop() {
        over = true;
        limit.cancel();
    }

    /** What the head alone tells against the answer. */
    private Optional<Signal> objection() {
        UpstreamAnswer answer = observed.answer();
        if (!observed.judged() || answer.status() != OK) {
            return Optional.empty();
        }
        String contentType = answer.headers().get(HttpHeaders.CONTENT_TYPE);
        if (contentType != null && contentType.toLowerCase(Locale.ROOT).startsWith("text/html")) {
            return Optional.of(Signal.MALFORMED);
        }
        return "0".equals(answer.headers().get(HttpHeaders.CONTENT_LENGTH))
                ? Optional.of(Signal.EMPTY)
                : Optional.empty();
    }

    private void chunk(Buffer chunk) {
        if (over) {
            return;
        }
        held.appendBuffer(chunk);
        observed.see(chunk);
        ProviderError error = observed.observer().error();
        if (!observed.readable()) {
            open(false);
        } else if (observed.streams()) {
            inAStream(error);
        } else {
            inADocument(error);
        }
    }

    private void inAStream(@Nullable ProviderError error) {
        // Content that came before the error is an answer that went wrong, however the two were cut into chunks.
        if (observed.contentSeen()) {
            open(false);
        } else if (error != null) {
            shut(new Failure.InBand(error), Extent.BEGINNING);
        } else if (held.length() >= hold.bytes() || observed.observer().frames() >= hold.frames()) {
            open(false);
        }
    }

    private void inADocument(@Nullable ProviderError error) {
        if (held.length() >= hold.bytes()) {
            timeIsUp();
        } else if (!begun && (observed.contentSeen() || error != null)) {
            begun = true;
            contentBegan.run();
            limit.cancel();
            limit = timers.after(REST_OF_A_DOCUMENT, this::timeIsUp);
        }
    }

    /** No more is held: what is known by now decides. */
    private void timeIsUp() {
        ProviderError error = observed.observer().error();
        if (error != null && !observed.contentSeen()) {
            shut(new Failure.InBand(error), Extent.BEGINNING);
        } else if (!observed.streams() && observed.observer().malformed()) {
            shut(
                    new Failure.Signalled(Signal.MALFORMED, "the answer is not of the protocol that was spoken"),
                    Extent.BEGINNING);
        } else {
            open(false);
        }
    }

    private void ended() {
        if (over) {
            return;
        }
        observed.end();
        Optional<Failure> failure = observed.readable()
                ? AnswerVerdict.atEnd(observed.observer(), observed.operation()).or(this::emptyArray)
                : Optional.empty();
        failure.ifPresentOrElse(found -> shut(found, Extent.WHOLE), () -> open(true));
    }

    /** A document without content may be one of a new kind; a growing array without content is of no use to anybody. */
    private Optional<Failure> emptyArray() {
        return observed.streams()
                        && !observed.contentSeen()
                        && held.toString().stripLeading().startsWith("[")
                ? Optional.of(new Failure.Signalled(Signal.EMPTY, "the stream ended without any content"))
                : Optional.empty();
    }

    private void brokeOff(Throwable cause) {
        if (over) {
            return;
        }
        String detail = "the answer broke off: " + TransportFailure.describe(cause);
        shut(
                AnswerVerdict.atBreak(observed.observer(), Signal.TRUNCATED, detail)
                        .orElseGet(() -> new Failure.Signalled(Signal.TRUNCATED, detail)),
                Extent.BROKEN_OFF);
    }

    private void open(boolean ended) {
        if (!over) {
            stop();
            told.accept(new Verdict.Open(new Opening(observed, held, ended)));
        }
    }

    private void shut(Failure failure, Extent extent) {
        if (!over) {
            stop();
            told.accept(new Verdict.Shut(failure, held, extent));
        }
    }
}
