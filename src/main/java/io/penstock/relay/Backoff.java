package io.penstock.relay;

import io.penstock.policy.UpstreamPolicy.Retry;
import java.time.Duration;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The wait before a retry: exponential with full jitter (a uniform share of a bound that doubles from {@code baseDelay}
 * up to {@code maxDelay}), and never shorter than the provider asked for.
 */
final class Backoff {
    private static final int MAX_DOUBLINGS = 30;

    private final DoubleSupplier random;

    /** @param random uniform in [0, 1) */
    Backoff(DoubleSupplier random) {
        this.random = random;
    }

    /**
     * The wait before retry number {@code retry}.
     *
     * @param retry counted from 0
     * @param hint what the provider asked for, or null; a floor
     */
    Duration delay(Retry policy, int retry, @Nullable Duration hint) {
        long base = policy.baseDelay().toNanos();
        long max = policy.maxDelay().toNanos();
        int doublings = Math.min(retry, MAX_DOUBLINGS);
        long bound = base > (max >> doublings) ? max : base << doublings;
        Duration jittered = Duration.ofNanos((long) (random.getAsDouble() * bound));
        return hint != null && hint.compareTo(jittered) > 0 ? hint : jittered;
    }
}
