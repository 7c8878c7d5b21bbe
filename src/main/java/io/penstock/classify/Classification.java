package io.penstock.classify;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The answer to "what is this failure, really?".
 *
 * @param category the fine name, from which error type, fault and default reaction follow
 * @param evidence the fact that decided
 * @param status the HTTP status of the failed answer, or 0 where there was none
 * @param answered whether a provider answered with a body of its own
 * @param providerCode the provider's own code or type, cut to a bounded length, or null
 * @param message the provider's message or Penstock's own sentence, not yet cut or redacted, or null
 * @param retryAfter the wait that the provider asked for, or null
 * @param shouldRetry the provider's {@code x-should-retry}, or null
 */
public record Classification(
        Category category,
        Evidence evidence,
        int status,
        boolean answered,
        @Nullable String providerCode,
        @Nullable String message,
        @Nullable Duration retryAfter,
        @Nullable Boolean shouldRetry) {

    public ErrorType errorType() {
        return category.type();
    }

    /** Whether the default reaction lets another upstream be asked. */
    public boolean allowsFailover() {
        return switch (category.reaction().failover()) {
            case ALWAYS -> true;
            case UNLESS_ANSWERED_4XX -> !(answered && status >= 400 && status < 500);
            case NEVER, OPT_IN, LARGER_ONLY -> false;
        };
    }

    /** The same failure with another wait. */
    public Classification withRetryAfter(Duration wait) {
        return new Classification(category, evidence, status, answered, providerCode, message, wait, shouldRetry);
    }
}
