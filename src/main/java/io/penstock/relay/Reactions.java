package io.penstock.relay;

import io.penstock.classify.Classification;
import io.penstock.classify.Reaction;
import io.penstock.policy.RoutePolicy;
import io.penstock.policy.UpstreamPolicy;
import io.penstock.upstream.Upstream;
import java.time.Duration;

/**
 * Turns a classified failure into what to do next: its reaction, within what the policy, the plan, the retry budget and
 * the deadline allow.
 */
final class Reactions {
    private final RoutePolicy route;
    private final boolean applicationRetries;
    private final Backoff backoff;

    /**
     * Reactions for one interception.
     *
     * @param applicationRetries whether the request is itself a retry of the application's. Retries of two layers
     *     multiply, so the upper one's are enough then; other keys and other upstreams are still Penstock's to try, for
     *     the application knows none of them
     */
    Reactions(RoutePolicy route, boolean applicationRetries, Backoff backoff) {
        this.route = route;
        this.applicationRetries = applicationRetries;
        this.backoff = backoff;
    }

    /**
     * Decides before the commit.
     *
     * @param retries how often this upstream has been asked again already, with whichever key
     * @param left what is left of the interception's deadline
     * @param plan moved on to another key where the decision is to rotate, and cut down to the upstreams that the failure
     *     allows
     */
    Decision decide(Classification failure, int retries, Duration left, AttemptPlan plan) {
        if (failure.reaction().rotateKey() && plan.nextKey()) {
            return new Decision.RotateKey();
        }
        boolean failsOver = allowsFailover(failure, plan);
        if (failsOver && plan.hasNext() && !plan.keyRest().isZero()) {
            // The upstream's last key rests: somebody who can answer now is better than a wait.
            return new Decision.FailOver(false);
        }
        boolean retryRefused = false;
        Upstream upstream = plan.upstream();
        if (retries < retriesAllowed(failure, upstream.policy())) {
            Duration delay = delay(failure, upstream.policy(), retries, plan.keyRest());
            if (delay.compareTo(left) < 0) {
                if (upstream.retryBudget().tryRetry()) {
                    return new Decision.Retry(delay);
                }
                retryRefused = true;
            }
        }
        return failsOver ? new Decision.FailOver(retryRefused) : new Decision.Return();
    }

    private boolean allowsFailover(Classification failure, AttemptPlan plan) {
        return switch (failure.reaction().failover()) {
            case ALWAYS, UNLESS_ANSWERED_4XX, NEVER -> failure.allowsFailover();
            case OPT_IN -> route.failoverOn().contains(failure.category()) && plan.hasNext();
            case LARGER_ONLY -> {
                plan.onlyLarger();
                yield plan.hasNext();
            }
        };
    }

    private int retriesAllowed(Classification failure, UpstreamPolicy upstream) {
        if (applicationRetries || !failure.retriesSame()) {
            return 0;
        }
        int policy = upstream.retry().attempts();
        return switch (failure.reaction().retry()) {
            // The provider knows better than the table: its x-should-retry turns a "never" into a "once".
            case NEVER, ONCE_AT_ONCE, ONCE_JITTERED -> Math.min(1, policy);
            case AFTER_HINT -> policy;
        };
    }

    private Duration delay(Classification failure, UpstreamPolicy upstream, int retries, Duration keyRest) {
        Duration asked = failure.retryAfter() == null ? Duration.ZERO : failure.retryAfter();
        Duration floor = asked.compareTo(keyRest) < 0 ? keyRest : asked;
        return failure.reaction().retry() == Reaction.Retry.ONCE_AT_ONCE
                ? floor
                : backoff.delay(upstream.retry(), retries, floor);
    }
}
