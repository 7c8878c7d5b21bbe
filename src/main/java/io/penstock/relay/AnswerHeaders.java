package io.penstock.relay;

import io.penstock.classify.Category;
import io.penstock.classify.Classification;
import io.vertx.core.MultiMap;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The headers with which Penstock tells the application what it did. */
public final class AnswerHeaders {
    private static final int TIMEOUT = 408;
    private static final int CONFLICT = 409;
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int SERVER_ERRORS = 500;
    private static final long MILLIS = 1_000;

    private AnswerHeaders() {}

    /** On every answer. */
    public static void identify(MultiMap headers, UUID id, @Nullable String upstream, int attempts) {
        headers.set("x-penstock-id", id.toString());
        if (upstream != null) {
            headers.set("x-penstock-upstream", upstream);
        }
        headers.set("x-penstock-attempts", Integer.toString(attempts));
    }

    /**
     * On an error.
     *
     * @param status what the application will see
     * @param tried whether Penstock has tried more than once, so that a client which tries again would multiply
     * @param maxRetryAfter the longest wait to pass on
     */
    public static void explain(
            MultiMap headers, Classification error, int status, boolean tried, Duration maxRetryAfter) {
        headers.set("x-penstock-error-type", error.errorType().label());
        headers.set("x-penstock-category", error.category().name());
        headers.set("x-penstock-retryable", Boolean.toString(retryable(error)));
        Duration wait = error.retryAfter();
        if (wait != null && (retryable(error) || headers.contains("retry-after"))) {
            retryAfter(headers, wait.compareTo(maxRetryAfter) > 0 ? maxRetryAfter : wait);
        }
        boolean waitingHelps = wait != null && retryable(error);
        if (clientsRetry(status) && !waitingHelps && (tried || !retryable(error))) {
            headers.set("x-should-retry", "false");
        }
        capRetryAfter(headers, maxRetryAfter);
    }

    /** Whether the same request may well succeed later. */
    private static boolean retryable(Classification error) {
        if (error.category().equals(Category.QUOTA_EXHAUSTED)) {
            return false;
        }
        return switch (error.errorType()) {
            case RATE_LIMITED, OVERLOADED, SERVER_ERROR, TIMEOUT -> true;
            case UNKNOWN -> error.status() >= SERVER_ERRORS;
            case BAD_REQUEST, UNAUTHORIZED -> false;
        };
    }

    /** The statuses that the OpenAI and Anthropic SDKs retry by themselves. */
    private static boolean clientsRetry(int status) {
        return status == TIMEOUT || status == CONFLICT || status == TOO_MANY_REQUESTS || status >= SERVER_ERRORS;
    }

    /** Sets {@code Retry-After} (RFC 9110 §10.2.3), in whole seconds, rounded up: a client that comes early comes twice. */
    private static void retryAfter(MultiMap headers, Duration wait) {
        headers.set("retry-after", Long.toString((wait.toMillis() + MILLIS - 1) / MILLIS));
        if (headers.contains("retry-after-ms")) {
            headers.set("retry-after-ms", Long.toString(wait.toMillis()));
        }
    }

    /** Some SDKs sleep for as long as they are told, days included. */
    private static void capRetryAfter(MultiMap headers, Duration max) {
        capNumber(headers, "retry-after", max.toSeconds());
        capNumber(headers, "retry-after-ms", max.toMillis());
    }

    private static void capNumber(MultiMap headers, String name, long max) {
        String value = headers.get(name);
        if (value == null) {
            return;
        }
        try {
            if (Double.parseDouble(value.strip()) > max) {
                headers.set(name, Long.toString(max));
            }
        } catch (NumberFormatException e) {
            // Not a number: a date has been replaced already, and clients ignore what they cannot read.
            return;
        }
    }
}
