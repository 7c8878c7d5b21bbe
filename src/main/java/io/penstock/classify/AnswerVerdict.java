package io.penstock.classify;

import io.penstock.dialect.AnswerObserver;
import io.penstock.dialect.Operation;
import io.penstock.dialect.ProviderError;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What an answer with a good status was: a success, or which failure. Pure: it only reads what an observer has noted, so
 * that traffic before the commit, traffic after it and an explanation of a captured answer come to the same verdict.
 *
 * <p>Answers that have no body by the rules of HTTP (to {@code HEAD}, with 204 or 304) are no matter for it.
 */
public final class AnswerVerdict {

    private AnswerVerdict() {}

    /**
     * The verdict on an answer whose body has ended properly; {@link AnswerObserver#end} has been called.
     *
     * @param operation what was asked for; an answer to one that Penstock does not know may well be empty
     * @return the failure, or empty for a success
     */
    public static Optional<Failure> atEnd(AnswerObserver observer, Operation operation) {
        ProviderError error = observer.error();
        if (error != null) {
            return Optional.of(new Failure.InBand(error));
        }
        if (observer.contentSeen()) {
            return observer.complete()
                    ? Optional.empty()
                    : signalled(Signal.TRUNCATED, "the answer ended without its terminal marker");
        }
        if (operation == Operation.OTHER && observer.complete()) {
            return Optional.empty();
        }
        if (observer.malformed()) {
            return signalled(Signal.MALFORMED, "the answer is not of the protocol that was spoken");
        }
        if (!observer.begun()) {
            return signalled(Signal.EMPTY, "the answer is empty");
        }
        if (observer.complete() && observer.frames() == 0) {
            // A whole document of a shape that is not known, such as a newer one: nobody but its reader can judge it.
            return Optional.empty();
        }
        return observer.complete()
                ? signalled(Signal.EMPTY, "the answer ended without any content")
                : signalled(Signal.TRUNCATED, "the answer ended before its content began");
    }

    /**
     * The verdict on an answer that was broken off, be it by the upstream, the network or one of Penstock's timers. An error
     * that the answer itself has told says more than the way its connection ended, and after the terminal marker the
     * upstream owes nothing any more; only the deadline of the whole interception is stricter.
     *
     * @param signal how it was broken off
     * @param detail a sentence for the record, without secrets, or null
     * @return the failure, or empty for a success
     */
    public static Optional<Failure> atBreak(AnswerObserver observer, Signal signal, @Nullable String detail) {
        ProviderError error = observer.error();
        if (error != null) {
            return Optional.of(new Failure.InBand(error));
        }
        return observer.complete() && signal != Signal.DEADLINE ? Optional.empty() : signalled(signal, detail);
    }

    private static Optional<Failure> signalled(Signal signal, @Nullable String detail) {
        return Optional.of(new Failure.Signalled(signal, detail));
    }
}
