package io.penstock.classify;

import io.penstock.dialect.Dialect;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An answer, or the lack of one, as somebody captured it and wants it explained.
 *
 * @param status the HTTP status, 0 where there was no answer
 * @param headers by name in any case
 * @param body the body's text; of a stream its transcript
 * @param stream whether the body is the transcript of a stream
 * @param committed whether bytes of the answer had gone to the application before the body's first
 * @param failure how the exchange ended where it did not end properly, or null
 */
public record Captured(
        Dialect dialect,
        @Nullable String upstream,
        @Nullable String model,
        int status,
        Map<String, String> headers,
        String body,
        boolean stream,
        boolean committed,
        @Nullable Ending failure) {

    /** How an exchange ended that did not end properly; {@code signal} is null where the application left. */
    public record Ending(String label, @Nullable Signal signal) {}
}
