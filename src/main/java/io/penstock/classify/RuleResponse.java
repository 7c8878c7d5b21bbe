package io.penstock.classify;

import org.jspecify.annotations.Nullable;

/**
 * What the application gets instead of the provider's answer, by the word of a rule. At least one of the parts is given.
 *
 * @param status the HTTP status, or null for the one that the failure has
 * @param message the message in the dialect's own envelope, or null
 * @param body the whole body, JSON, or null; never together with a message
 */
public record RuleResponse(
        @Nullable Integer status,
        @Nullable String message,
        @Nullable String body) {

    /** Whether it has words of its own, so that the provider's body does not reach the application. */
    public boolean replacesBody() {
        return message != null || body != null;
    }
}
