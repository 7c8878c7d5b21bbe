package io.penstock.classify;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The answer to "what is this failure, really?".
 *
 * @param category the fine name, from which error type and fault follow
 * @param reaction what to do about it: the category's default reaction, or what a rule says instead
 * @param evidence the fact that decided
 * @param status the HTTP status of the failed answer, or 0 where there was none
 * @param answered whether a provider answered with a body of its own
 * @param providerCode the provider's own code or type, cut to a bounded length, or null
 * @param message the provider's message or Penstock's own sentence, not yet cut or redacted, or null
 * @param retryHint the wait that the provider asked for and where it stood, or null
 * @param shouldRetry the provider's {@code x-should-retry}, or null
 * @param rules what the rules had to do with it
 */
public record Classification(
        Category category,
        Reaction reaction,
        Evidence evidence,
        int status,
        boolean answered,
        @Nullable String providerCode,
        @Nullable String message,
        @Nullable RetryHint retryHint,
        @Nullable Boolean shouldRetry,
        RuleTrace rules) {

    public ErrorType errorType() {
        return category.type();
    }

    /** The wait that the provider asked for, or null. */
    public @Nullable Duration retryAfter() {
        return retryHint == null ? null : retryHint.delay();
    }

    /** Whether the reaction lets another upstream be asked, whatever that upstream is. */
    public boolean allowsFailover() {
        return switch (reaction.failover()) {
            case ALWAYS -> true;
            case UNLESS_ANSWERED_4XX -> !(answered && status >= 400 && status < 500);
            case NEVER, OPT_IN, LARGER_ONLY -> false;
        };
    }

    /** Whether the reaction asks the same upstream again; the provider's own word on that counts, save for caller errors. */
    public boolean retriesSame() {
        if (shouldRetry != null && !category.caller()) {
            return shouldRetry;
        }
        return reaction.retry() != Reaction.Retry.NEVER && !Boolean.FALSE.equals(shouldRetry);
    }

    /** What is done first before the commit, where nothing but the failure itself decides. */
    public Action action() {
        if (reaction.rotateKey()) {
            return Action.ROTATE_KEY;
        }
        if (retriesSame()) {
            return Action.RETRY;
        }
        return allowsFailover() ? Action.FAILOVER : Action.RETURN;
    }

    /** The same failure with another wait. */
    public Classification withRetryHint(RetryHint hint) {
        return new Classification(
                category, reaction, evidence, status, answered, providerCode, message, hint, shouldRetry, rules);
    }
}
