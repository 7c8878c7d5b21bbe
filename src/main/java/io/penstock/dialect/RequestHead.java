package io.penstock.dialect;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What Penstock needs to know of a request, read without re-serialising it.
 *
 * @param operation what is asked for
 * @param model the model named in the body or, for Gemini, in the path; null where none is
 * @param modelSpans where in the body the model's JSON string stands (its quotes included), so that it can be replaced
 *     without touching another byte; empty where the model is not in the body
 * @param streaming whether a stream was asked for
 * @param sessionId the session that the client named in a known field, or null
 */
public record RequestHead(
        Operation operation,
        @Nullable String model,
        List<Span> modelSpans,
        boolean streaming,
        @Nullable String sessionId) {

    /** A run of bytes: from {@code start}, inclusive, to {@code end}, exclusive. */
    public record Span(int start, int end) {}
}
