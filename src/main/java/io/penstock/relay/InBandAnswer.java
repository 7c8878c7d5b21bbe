package io.penstock.relay;

import io.penstock.classify.Category;
import io.penstock.classify.Classification;
import io.penstock.dialect.Dialect;
import io.penstock.dialect.ProviderError;
import io.penstock.dialect.ToldError;
import io.penstock.relay.HeldAnswer.Extent;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;

/**
 * Makes a proper error answer of an error that a provider told inside an answer of good status, so that a client which
 * looks at the status alone does not take it for an answer. The provider's words stay.
 *
 * <p>A refusal is no such error: where policy ended an answer before it began, the provider answered as its API says it
 * does, and SDKs read that from a 200 ({@code promptFeedback}, {@code finish_reason}). It is passed on as it came.
 */
final class InBandAnswer {
    private static final int BAD_REQUEST = 400;
    private static final int UNAUTHORIZED = 401;
    private static final int NOT_FOUND = 404;
    private static final int TOO_LARGE = 413;
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int INTERNAL_ERROR = 500;
    private static final int BAD_GATEWAY = 502;
    private static final int UNAVAILABLE = 503;
    private static final int GATEWAY_TIMEOUT = 504;
    /** Anthropic's own status for a lack of capacity. */
    private static final int SITE_OVERLOADED = 529;

    private InBandAnswer() {}

    static HeldAnswer of(
            ObservedAnswer observed,
            CommitGate.Verdict.Shut shut,
            ProviderError error,
            Classification classification,
            RelayRequest request) {
        if (classification.category().equals(Category.CONTENT_FILTER) && !ToldError.isTold(error)) {
            return new HeldAnswer(observed.answer(), shut.held(), shut.extent());
        }
        Dialect dialect = request.route().dialect();
        int status = status(error, classification, dialect);
        if (shut.extent() == Extent.WHOLE && !observed.streams()) {
            return new HeldAnswer(observed.answer(), status, observed.answer().headers(), shut.held(), Extent.WHOLE);
        }
        byte[] body = ToldError.body(dialect, status, classification.category().name(), error);
        MultiMap headers = HttpHeaders.headers()
                .addAll(observed.answer().headers())
                .remove(HttpHeaders.CONTENT_ENCODING)
                .remove(HttpHeaders.TRANSFER_ENCODING)
                .set(HttpHeaders.CONTENT_TYPE, "application/json")
                .set(HttpHeaders.CONTENT_LENGTH, Integer.toString(body.length));
        return new HeldAnswer(observed.answer(), status, headers, Buffer.buffer(body), Extent.WHOLE);
    }

    /** The status that the provider would have used, had it known in time. */
    private static int status(ProviderError error, Classification classification, Dialect dialect) {
        int told = ProviderError.statusCode(error.code());
        if (told != 0) {
            return told;
        }
        Category category = classification.category();
        if (category.equals(Category.MODEL_NOT_FOUND)) {
            return NOT_FOUND;
        }
        if (category.equals(Category.REQUEST_TOO_LARGE)) {
            return TOO_LARGE;
        }
        return switch (classification.errorType()) {
            case BAD_REQUEST -> BAD_REQUEST;
            case UNAUTHORIZED -> UNAUTHORIZED;
            case RATE_LIMITED -> TOO_MANY_REQUESTS;
            case OVERLOADED -> dialect == Dialect.ANTHROPIC ? SITE_OVERLOADED : UNAVAILABLE;
            case TIMEOUT -> GATEWAY_TIMEOUT;
            case SERVER_ERROR -> INTERNAL_ERROR;
            case UNKNOWN -> BAD_GATEWAY;
        };
    }
}
