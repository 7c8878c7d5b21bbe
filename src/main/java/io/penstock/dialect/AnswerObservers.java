package io.penstock.dialect;

import org.jspecify.annotations.Nullable;

/** Makes the observer that understands an answer. */
public final class AnswerObservers {
    private AnswerObservers() {}

    /**
     * The observer of a good answer.
     *
     * <p>An answer of a known operation that ends without content and without an error is none: HTML, an empty body, JSON
     * of some other API.
     *
     * @param dialect the upstream's dialect
     * @param operation what was asked for; it says what the answer looks like, because a Gemini or Anthropic upstream may
     *     serve OpenAI's operations too
     * @param responseContentType the answer's {@code Content-Type}, or null
     */
    public static AnswerObserver of(Dialect dialect, Operation operation, @Nullable String responseContentType) {
        AnswerProtocol protocol = AnswerProtocol.of(operation);
        MediaType type = MediaType.of(responseContentType);
        return switch (type) {
            case EVENT_STREAM -> new SniffingObserver(protocol, true);
            case NDJSON -> new StreamObserver(new NdjsonParser(), protocol);
            case JSON -> new SniffingObserver(protocol, false);
            // Transcripts, audio, images and files come in any type.
            case UNSAID, OTHER ->
                operation == Operation.OTHER ? new OpaqueObserver() : new SniffingObserver(protocol, false);
        };
    }

    /** The observer of an answer that cannot be read, because its content coding is not known. */
    public static AnswerObserver opaque() {
        return new OpaqueObserver();
    }
}
