package io.penstock.classify;

import io.penstock.dialect.ProviderError;
import org.jspecify.annotations.Nullable;

/** What was seen of a failed attempt: the input of a classification. */
public sealed interface Failure {

    /**
     * An HTTP answer with an error status.
     *
     * @param status the HTTP status code
     * @param headers looks a header up by its name, in any case
     * @param error what the (decoded) body said
     */
    record Answer(int status, Headers headers, ProviderError error) implements Failure {}

    /**
     * An error inside an answer whose status was good, found in its body or in a frame of its stream. It is judged by its
     * own content; the status that it should have had is never made up.
     */
    record InBand(ProviderError error) implements Failure {}

    /**
     * A failure known by identity.
     *
     * @param detail a sentence for the record, without secrets, or null
     */
    record Signalled(Signal signal, @Nullable String detail) implements Failure {}

    /** Looks up a header's first value by its name, in any case; null where it is absent. */
    @FunctionalInterface
    interface Headers {
        Headers NONE = name -> null;

        @Nullable
        String get(String name);
    }
}
