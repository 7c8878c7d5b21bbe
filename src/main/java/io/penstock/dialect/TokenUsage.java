package io.penstock.dialect;

import org.jspecify.annotations.Nullable;

/**
 * Tokens as the provider counted them; null where it did not say. Input includes cached input in every dialect, output
 * includes reasoning.
 */
public record TokenUsage(
        @Nullable Long input,
        @Nullable Long output,
        @Nullable Long cached,
        @Nullable Long reasoning) {

    public static final TokenUsage NONE = new TokenUsage(null, null, null, null);
}
