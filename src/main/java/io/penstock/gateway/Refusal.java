package io.penstock.gateway;

import io.penstock.classify.Signal;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Why a request is not relayed.
 *
 * @param status the HTTP status of the answer
 * @param message what is wrong and what would be right; never echoes what was sent beyond names
 * @param retryAfter when to come again, or null
 */
record Refusal(
        int status, Signal signal, String message, @Nullable Duration retryAfter) {

    static Refusal of(int status, Signal signal, String message) {
        return new Refusal(status, signal, message, null);
    }

    static Refusal badRequest(String message) {
        return of(400, Signal.INVALID_REQUEST, message);
    }
}
