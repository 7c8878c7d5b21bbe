package io.penstock.relay;

import io.penstock.classify.Category;
import io.penstock.classify.Classification;
import io.penstock.dialect.Dialect;
import io.penstock.dialect.ErrorEnvelope;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;

/**
 * An answer that Penstock makes itself, in the dialect's native envelope, because no provider's can be passed on.
 *
 * @param headers the content's own headers, modifiable
 */
public record OwnAnswer(int status, MultiMap headers, Buffer body) {
    private static final int BAD_REQUEST = 400;
    private static final int REQUEST_TOO_LARGE = 413;
    private static final int BAD_GATEWAY = 502;
    private static final int UNAVAILABLE = 503;
    private static final int GATEWAY_TIMEOUT = 504;

    /** For a failure, with the status that fits it. */
    public static OwnAnswer of(Dialect dialect, Classification error) {
        return of(dialect, error, status(error));
    }

    /** For a failure, with a status of the caller's choice. */
    public static OwnAnswer of(Dialect dialect, Classification error, int status) {
        byte[] body = ErrorEnvelope.render(dialect, status, error.category().name(), message(error));
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
