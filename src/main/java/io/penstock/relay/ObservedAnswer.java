package io.penstock.relay;

import io.penstock.dialect.AnswerObserver;
import io.penstock.dialect.AnswerObservers;
import io.penstock.dialect.ContentDecoder;
import io.penstock.dialect.MediaType;
import io.penstock.dialect.Operation;
import io.penstock.upstream.UpstreamAnswer;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * An answer with an observer that looks on from its first byte, whoever reads it: the gate before the commit, the pump
 * after it. Holds native memory, so {@link #close} is called on every path. Owned by one event loop.
 */
final class ObservedAnswer {
    private static final int OK = 200;

    private final UpstreamAnswer answer;
    private final Operation operation;
    private final MediaType type;
    private final boolean streaming;
    private final boolean opaque;
    private final AnswerObserver observer;
    private final ContentDecoder decoder;
    private boolean ended;
    private boolean closed;
    private boolean readable = true;

    /** @param opaque whether nothing can or need be understood of it */
    private ObservedAnswer(UpstreamAnswer answer, RelayRequest request, boolean opaque) {
        String contentType = answer.headers().get(HttpHeaders.CONTENT_TYPE);
        this.answer = answer;
        this.opaque = opaque;
        // An answer that nobody looks into is judged as one to an operation that nobody knows.
        this.operation = opaque ? Operation.OTHER : request.head().operation();
        this.type = MediaType.of(contentType);
        this.streaming = request.head().streaming();
        this.observer = opaque
                ? AnswerObservers.opaque()
                : AnswerObservers.of(request.route().dialect(), operation, contentType);
        this.decoder = ContentDecoder.of(opaque ? null : answer.headers().get(HttpHeaders.CONTENT_ENCODING));
    }

    /** Watches the answer to a request. */
    static ObservedAnswer of(UpstreamAnswer answer, RelayRequest request) {
        String contentType = answer.headers().get(HttpHeaders.CONTENT_TYPE);
        boolean known = answer.status() == OK || request.head().operation() == Operation.OTHER;
        boolean bodiless = HttpMethod.HEAD.equals(request.method());
        return new ObservedAnswer(
                answer, request, bodiless || !known || isMedia(contentType) || !readableCoding(answer));
    }

    /** Watches an error, of which everything is known already. */
    static ObservedAnswer unread(UpstreamAnswer answer, RelayRequest request) {
        return new ObservedAnswer(answer, request, true);
    }

    UpstreamAnswer answer() {
        return answer;
    }

    AnswerObserver observer() {
        return observer;
    }

    Operation operation() {
        return operation;
    }

    /** Whether what it means can be told from its body. */
    boolean judged() {
        return !opaque && operation != Operation.OTHER;
    }

    /** Whether it comes frame by frame, each of use to the application as soon as it is there. */
    boolean streams() {
        return switch (type) {
            case EVENT_STREAM, NDJSON -> true;
            // Gemini streams an array; elsewhere a server that answers with a document does not stream.
            case JSON -> streaming && operation == Operation.GENERATE_CONTENT;
            case UNSAID, OTHER -> streaming;
        };
    }

    boolean eventStream() {
        return type == MediaType.EVENT_STREAM;
    }

    /** Whether bytes can be added at its end: its length was not announced, and its bytes are not packed. */
    boolean extensible() {
        return !answer.headers().contains(HttpHeaders.CONTENT_LENGTH) && !packed();
    }

    /** Whether its bytes are not those of its frames. */
    boolean packed() {
        String coding = answer.headers().get(HttpHeaders.CONTENT_ENCODING);
        return coding != null && !coding.strip().equalsIgnoreCase("identity");
    }

    /** The next bytes, as they came. */
    void see(Buffer chunk) {
        byte[] raw = chunk.getBytes();
        decoder.feed(raw, 0, raw.length, observer::feed);
    }

    /** The body has ended properly. May be called again. */
    void end() {
        if (!ended) {
            ended = true;
            observer.end();
        }
    }

    /** Whether content has been seen, or may have been: what cannot be decoded is not waited for. */
    boolean contentSeen() {
        return observer.contentSeen() || !readable();
    }

    /** Whether the observer has seen all that passed, in a coding that made sense and knew bounds. */
    boolean readable() {
        return closed ? readable : decoder.readable();
    }

    /** Gives back what the decoder holds. May be called again. */
    void close() {
        if (!closed) {
            readable = decoder.readable();
            closed = true;
            decoder.close();
        }
    }

    private static boolean readableCoding(UpstreamAnswer answer) {
        try (ContentDecoder decoder = ContentDecoder.of(answer.headers().get(HttpHeaders.CONTENT_ENCODING))) {
            return decoder.readable();
        }
    }

    /** Audio, images and files: no text in which an error could be told. */
    private static boolean isMedia(@Nullable String contentType) {
        return contentType != null
                && MediaType.of(contentType) == MediaType.OTHER
                && !contentType.strip().toLowerCase(Locale.ROOT).startsWith("text/");
    }
}
