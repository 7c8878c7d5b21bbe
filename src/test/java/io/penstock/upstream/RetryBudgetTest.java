package io.penstock.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.policy.UpstreamPolicy.Budget;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class RetryBudgetTest {
    private long nanos = Duration.ofDays(3).toNanos();

    @Test
    void grantsTheFloorWithoutAnyTraffic() {
        RetryBudget budget = budget(0.2, 3);

        assertThat(granted(budget, 100)).isEqualTo(30);
    }

    @Test
    void grantsNothingWithoutTrafficAndFloor() {
        assertThat(granted(budget(0.2, 0), 100)).isZero();
    }

    @Test
    void grantsTheRatioOfTheRequests() {
        RetryBudget budget = budget(0.2, 0);

        request(budget, 99);

        assertThat(granted(budget, 100)).isEqualTo(19);
        request(budget, 1);
        assertThat(granted(budget, 100)).isEqualTo(1);
    }

    @Test
    void addsFloorAndRatio() {
        RetryBudget budget = budget(0.1, 1);

        request(budget, 50);

        assertThat(granted(budget, 100)).isEqualTo(15);
    }

    @Test
    void remembersTenSeconds() {
        RetryBudget budget = budget(0.5, 0);
        request(budget, 10);

        pass(Duration.ofSeconds(9));
        assertThat(granted(budget, 1)).isEqualTo(1);
        pass(Duration.ofSeconds(1));
        assertThat(granted(budget, 1)).isZero();
    }

    @Test
    void grantsTheFloorAgainWhenItsRetriesAreForgotten() {
        RetryBudget budget = budget(0, 1);
        assertThat(granted(budget, 100)).isEqualTo(10);

        pass(Duration.ofSeconds(9));
        assertThat(granted(budget, 100)).isZero();
        pass(Duration.ofSeconds(1));
        assertThat(granted(budget, 100)).isEqualTo(10);
    }

    @Test
    void forgetsEverythingAfterALongSilence() {
        RetryBudget budget = budget(0.5, 0);
        request(budget, 1_000);

        pass(Duration.ofHours(1));

        assertThat(granted(budget, 100)).isZero();
    }

    @Test
    void worksWithAClockThatStartsBelowZero() {
        nanos = -Duration.ofMinutes(1).toNanos();
        RetryBudget budget = budget(0, 1);

        assertThat(granted(budget, 100)).isEqualTo(10);
        pass(Duration.ofSeconds(10));
        assertThat(granted(budget, 100)).isEqualTo(10);
    }

    /** Whenever a retry is granted, the retries of the window that ends with it are within the bound. */
    @Property(tries = 200)
    void neverGrantsMoreThanTheBoundOverTheWindow(
            @ForAll @DoubleRange(max = 2) double ratio,
            @ForAll @IntRange(max = 5) int floor,
            @ForAll Random random,
            @ForAll @IntRange(min = 1, max = 400) int steps) {
        RetryBudget budget = budget(ratio, floor);
        List<Long> requests = new ArrayList<>();
        List<Long> retries = new ArrayList<>();
        for (int step = 0; step < steps; step++) {
            pass(Duration.ofMillis(random.nextInt(500)));
            if (random.nextBoolean()) {
                budget.request();
                requests.add(nanos);
            }
            for (int i = random.nextInt(4); i > 0; i--) {
                if (budget.tryRetry()) {
                    retries.add(nanos);
                    assertThat((double) within(retries))
                            .isLessThanOrEqualTo(within(requests) * ratio + floor * 10 + 1e-9);
                }
            }
        }
    }

    /** How many of them fall into the ten whole seconds that end with the one now. */
    private long within(List<Long> times) {
        long now = Duration.ofNanos(nanos).toSeconds();
        return times.stream()
                .filter(time -> now - Duration.ofNanos(time).toSeconds() < 10)
                .count();
    }

    private RetryBudget budget(double ratio, double floor) {
        return new RetryBudget(new Budget(ratio, floor), () -> nanos);
    }

    private void pass(Duration time) {
        nanos += time.toNanos();
    }

    private static void request(RetryBudget budget, int times) {
        for (int i = 0; i < times; i++) {
            budget.request();
        }
    }

    private static int granted(RetryBudget budget, int tries) {
        int granted = 0;
        for (int i = 0; i < tries; i++) {
            granted += budget.tryRetry() ? 1 : 0;
        }
        return granted;
    }
}
