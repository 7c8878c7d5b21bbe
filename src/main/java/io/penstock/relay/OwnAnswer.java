package io.penstock.relay;

import io.penstock.classify.Category;
import io.penstock.classify.Classification;
import io.penstock.classify.ErrorType;
import io.penstock.classify.RuleResponse;
import io.penstock.dialect.Dialect;
import io.penstock.dialect.ErrorEnvelope;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import java.nio.charset.StandardCharsets;

/**
 * An answer that Penstock makes itself, in the dialect's native envelope, because no provider's can be passed on.
 *
 * @param headers the content's own headers, modifiable
 */
public record OwnAnswer(int status, MultiMap headers, Buffer body) {
    private static final int BAD_REQUEST = 400;
    private static final int REQUEST_TOO_LARGE = 413;
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int BAD_GATEWAY = 502;
    private static final int UNAVAILABLE = 503;
    private static final int GATEWAY_TIMEOUT = 504;

    /** For a failure, with the status that fits it. */
    public static OwnAnswer of(Dialect dialect, Classification error) {
        return of(dialect, error, status(error));
    }

    /** For a failure, with a status of the caller's choice. */
    public static OwnAnswer of(Dialect dialect, Classification error, int status) {
        return of(dialect, status, error.category().name(), message(error));
    }

    /**
     * For a failure of keys that are Penstock's own: what the provider said of the account behind them is for the record
     * and not for the application, which could do nothing about it. A refused key is no 401, for it is not the
     * application's key that was refused.
     */
    static OwnAnswer masked(Dialect dialect, Classification error) {
        if (error.category().equals(Category.QUOTA_EXHAUSTED)) {
            return of(dialect, TOO_MANY_REQUESTS, "insufficient_quota", maskedMessage(error));
        }
        return switch (error.errorType()) {
            case RATE_LIMITED -> of(dialect, TOO_MANY_REQUESTS, "rate_limit_exceeded", maskedMessage(error));
            case UNAUTHORIZED, BAD_REQUEST, OVERLOADED, SERVER_ERROR, TIMEOUT, UNKNOWN ->
                of(dialect, BAD_GATEWAY, "server_error", maskedMessage(error));
        };
    }

    /**
     * What a rule answers. Its words are its author's, and so fit for the application even where the provider's are not;
     * what it leaves open is as it would have been without it.
     *
     * @param seen the status of the provider's answer that this replaces, or 0 where there is none
     * @param masked whether what the provider said must stay hidden
     */
    static OwnAnswer by(RuleResponse response, Dialect dialect, Classification error, int seen, boolean masked) {
        OwnAnswer otherwise = masked ? masked(dialect, error) : of(dialect, error);
        int without = seen >= BAD_REQUEST ? seen : otherwise.status();
        int status = response.status() == null ? without : response.status();
        if (response.body() != null) {
            return json(status, response.body().getBytes(StandardCharsets.UTF_8));
        }
        if (response.message() != null) {
            return of(dialect, status, error.category().name(), response.message());
        }
        return masked ? new OwnAnswer(status, otherwise.headers(), otherwise.body()) : of(dialect, error, status);
    }

    /** What Penstock says, in the provider's place, of a failure of its own keys. */
    static String maskedMessage(Classification error) {
        if (error.category().equals(Category.QUOTA_EXHAUSTED)) {
            return "Penstock: the account behind this gateway is used up: whoever runs the gateway has to see to it";
        }
        return error.errorType() == ErrorType.RATE_LIMITED
                ? "Penstock: all keys of this gateway for the model are rate limited: try again later"
                : "Penstock: the provider refused this gateway's keys: whoever runs the gateway has to see to it";
    }

    private static OwnAnswer of(Dialect dialect, int status, String code, String message) {
        return json(status, ErrorEnvelope.render(dialect, status, code, message));
    }

    private static OwnAnswer json(int status, byte[] body) {
        MultiMap headers = HttpHeaders.headers()
                .set(HttpHeaders.CONTENT_TYPE, "application/json")
                .set(HttpHeaders.CONTENT_LENGTH, Integer.toString(body.length));
        return new OwnAnswer(status, headers, Buffer.buffer(body));
    }

    /** What Penstock says of a failure to the application. */
    static String message(Classification error) {
        return "Penstock: " + (error.message() == null ? "no upstream could answer" : error.message());
    }

    private static int status(Classification error) {
        if (error.status() >= BAD_REQUEST) {
            return error.status();
        }
        Category category = error.category();
        if (category.equals(Category.REQUEST_TOO_LARGE)) {
            return REQUEST_TOO_LARGE;
        }
        if (category.equals(Category.CIRCUIT_OPEN) || category.equals(Category.NO_UPSTREAM)) {
            return UNAVAILABLE;
        }
        return switch (error.errorType()) {
            case BAD_REQUEST -> BAD_REQUEST;
            case TIMEOUT -> GATEWAY_TIMEOUT;
            case OVERLOADED, RATE_LIMITED -> UNAVAILABLE;
            case SERVER_ERROR, UNAUTHORIZED, UNKNOWN -> BAD_GATEWAY;
        };
    }
}
