package io.penstock.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.policy.UpstreamPolicy.Budget;
import io.penstock.policy.UpstreamPolicy.Retry;
import java.time.Duration;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.WithNull;
import org.junit.jupiter.api.Test;

class BackoffTest {
    private static final double ALMOST_ONE = Math.nextDown(1.0);

    private static Retry policy(Duration base, Duration max) {
        return new Retry(2, base, max, new Budget(0.2, 3));
    }

    @Property
    void staysBetweenNothingAndTheLargerOfHintAndCap(
            @ForAll @LongRange(min = 1, max = 3_600_000) long base,
            @ForAll @LongRange(min = 1, max = 3_600_000) long max,
            @ForAll @IntRange(max = Integer.MAX_VALUE) int retry,
            @ForAll @DoubleRange(max = 1, maxIncluded = false) double random,
            @ForAll @WithNull @LongRange(max = 86_400_000) Long hintMillis) {
        Duration cap = Duration.ofMillis(max);
        Duration hint = hintMillis == null ? null : Duration.ofMillis(hintMillis);
        Duration delay = new Backoff(() -> random).delay(policy(Duration.ofMillis(base), cap), retry, hint);
        assertThat(delay).isGreaterThanOrEqualTo(hint == null ? Duration.ZERO : hint);
        assertThat(delay).isLessThanOrEqualTo(hint == null || hint.compareTo(cap) < 0 ? cap : hint);
    }

    @Test
    void doublesItsBoundUpToTheCap() {
        Retry policy = policy(Duration.ofMillis(200), Duration.ofSeconds(1));
        Backoff longest = new Backoff(() -> ALMOST_ONE);
        assertThat(longest.delay(policy, 0, null)).isBetween(Duration.ofMillis(199), Duration.ofMillis(200));
        assertThat(longest.delay(policy, 1, null)).isBetween(Duration.ofMillis(399), Duration.ofMillis(400));
        assertThat(longest.delay(policy, 2, null)).isBetween(Duration.ofMillis(799), Duration.ofMillis(800));
        assertThat(longest.delay(policy, 3, null)).isBetween(Duration.ofMillis(999), Duration.ofSeconds(1));
        assertThat(longest.delay(policy, 1_000, null)).isBetween(Duration.ofMillis(999), Duration.ofSeconds(1));
    }

    @Test
    void mayBeNoWaitAtAll() {
        assertThat(new Backoff(() -> 0).delay(policy(Duration.ofMillis(200), Duration.ofSeconds(1)), 3, null))
                .isZero();
    }

    @Test
    void neverComesEarlierThanAskedFor() {
        Retry policy = policy(Duration.ofMillis(200), Duration.ofSeconds(1));
        Duration hint = Duration.ofSeconds(40);
        assertThat(new Backoff(() -> 0.9).delay(policy, 0, hint)).isEqualTo(hint);
    }
}
