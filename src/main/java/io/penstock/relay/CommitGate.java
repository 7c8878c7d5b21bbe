package io.penstock.relay;

import io.penstock.classify.Signal;
import io.penstock.dialect.Operation;
import io.penstock.upstream.UpstreamAnswer;
import io.vertx.core.http.HttpHeaders;
import java.util.Locale;
import java.util.Optional;

/**
 * Decides whether an answer may be committed. For now it looks at status and headers alone; what it will not let through
 * is an ordinary failure that can be retried.
 */
final class CommitGate {
    private static final int OK = 200;
    private static final int MULTIPLE_CHOICES = 300;
    private static final int NOT_MODIFIED = 304;

    private CommitGate() {}

    /** Whether the status promises an answer rather than an error. */
    static boolean goodStatus(int status) {
        return (status >= OK && status < MULTIPLE_CHOICES) || status == NOT_MODIFIED;
    }

    /** Why an answer of good status is none all the same, or empty where it is one. */
    static Optional<Signal> objection(UpstreamAnswer answer, Operation operation) {
        if (operation == Operation.OTHER || answer.status() != OK) {
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
}
