package io.penstock.relay;

import io.penstock.classify.Classification;
import io.penstock.classify.Reaction;
import io.penstock.upstream.Upstream;
import java.time.Duration;

/**
 * Turns a classified failure into what to do next: its reaction, within what the policy, the retry budget and the
 * deadline allow.
 */
final class Reactions {
    private final Backoff backoff;

    Reactions(Backoff backoff) {
        this.backoff = backoff;
    }

    /**
     * Decides before the commit.
     *
     * @param retries how often this upstream has been asked again already, with whichever key
     * @param left what is left of the interception's deadline
     * @param plan moved on to the next key where the decision is to rotate
     */
    Decision decide(Classification failure, Upstream upstream, int retries, Duration left, AttemptPlan plan) {
        if (failure.reaction().rotateKey() && plan.nextKey()) {
            return new Decision.RotateKey();
        }
        boolean retryRefused = false;
        if (retries < retriesAllowed(failure, upstream)) {
            Duration delay = delay(failure, upstream, retries);
            if (delay.compareTo(left) < 0) {
                if (upstream.retryBudget().tryRetry()) {
                    return new Decision.Retry(delay);
                }
                retryRefused = true;
            }
        }
        return failure.allowsFailover() ? new Decision.FailOver(retryRefused) : new Decision.Return();
    }

    private static int retriesAllowed(Classification failure, Upstream upstream) {
        if (Boolean.FALSE.equals(failure.shouldRetry())) {
            return 0;
        }
        int policy = upstream.policy().retry().attempts();
        return switch (failure.reaction().retry()) {
            // The provider knows better than the table: its x-should-retry turns a "never" into a "once".
            case NEVER -> Boolean.TRUE.equals(failure.shouldRetry()) ? Math.min(1, policy) : 0;
            case ONCE_AT_ONCE, ONCE_JITTERED -> Math.min(1, policy);
            case AFTER_HINT -> policy;
        };
    }

    private Duration delay(Classification failure, Upstream upstream, int retries) {
        if (failure.reaction().retry() == Reaction.Retry.ONCE_AT_ONCE) {
            return failure.retryAfter() == null ? Duration.ZERO : failure.retryAfter();
        }
        return backoff.delay(upstream.policy().retry(), retries, failure.retryAfter());
    }
}
