package io.penstock.classify;

import io.penstock.classify.Evidence.Layer;
import java.util.Optional;

/**
 * What the HTTP status alone says, be it the answer's or the one that the body gives as its code. The last layer: it is
 * asked when the body did not say what happened.
 */
final class StatusLayer implements EvidenceLayer {

    @Override
    public Optional<Finding> find(Symptoms symptoms) {
        int status = symptoms.status();
        if (status == 0) {
            return Optional.empty();
        }
        Layer layer = symptoms.bodyStatus() ? Layer.PROVIDER : Layer.STATUS;
        return category(status, symptoms.bodyStatus())
                .map(category -> Finding.of(category, layer, symptoms.statusField(), Integer.toString(status)));
    }

    /**
     * Whether a status leaves it to a generic code to say what happened. A 429 whose type is
     * {@code invalid_request_error} is still a 429; but a 400 says little, and a 404 only that it was the request.
     */
    static boolean leavesOpen(int status, Category category) {
        return switch (status) {
            case 400, 422 -> true;
            case 404 -> category.type() == ErrorType.BAD_REQUEST;
            default -> category(status, false).isEmpty();
        };
    }

    /** Empty for a status that says nothing about who should do what. */
    private static Optional<Category> category(int status, boolean bodyStatus) {
        return Optional.ofNullable(
                switch (status) {
                    case 400, 422 -> Category.INVALID_REQUEST;
                    // A path that is not there is refused by a web server. An API that repeats the 404 in its own
                    // error was reached, and misses what the request named: the model.
                    case 404 -> bodyStatus ? Category.MODEL_NOT_FOUND : Category.INVALID_REQUEST;
                    case 401, 403 -> Category.AUTH_ERROR;
                    case 402 -> Category.QUOTA_EXHAUSTED;
                    case 408, 504, 524 -> Category.UPSTREAM_TIMEOUT;
                    case 413 -> Category.REQUEST_TOO_LARGE;
                    case 429 -> Category.RATE_LIMIT;
                    case 498, 529 -> Category.OVERLOADED;
                    default -> status >= 500 && status <= 599 ? Category.SERVICE_ERROR : null;
                });
    }
}
