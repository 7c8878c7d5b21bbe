package io.penstock.breaker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.penstock.policy.UpstreamPolicy.Circuit;
import java.time.Duration;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;

/** A circuit that somebody closes by hand, or a probe does. */
class GuardBreakerClosedByHandTest {
    private static final Duration LONG = Duration.ofMinutes(5);
    private static final Duration SHORT = Duration.ofMillis(30);

    private final ConcurrentLinkedQueue<String> transitions = new ConcurrentLinkedQueue<>();

    private GuardBreaker breaker(int window, Duration openFor) {
        return new GuardBreaker(
                "primary",
                "upstream",
                new Circuit(window, 1, openFor, 1, null),
                (upstream, scope, from, to, cause) -> transitions.add(from.label() + "->" + to.label() + " " + cause));
    }

    @Test
    void closesByHandAndForgetsWhatItHadCounted() {
        GuardBreaker breaker = breaker(2, LONG);
        Permit early = breaker.tryAcquire().orElseThrow();
        fail(breaker, 2);

        breaker.close("reset");

        assertThat(breaker.state()).isEqualTo(CircuitState.CLOSED);
        assertThat(breaker.cause()).isEqualTo("reset");
        assertThat(breaker.openFor()).isZero();
        early.failed("of another time");
        fail(breaker, 1);
        assertThat(breaker.state()).as("one failure of two").isEqualTo(CircuitState.CLOSED);
        fail(breaker, 1);
        assertThat(breaker.state()).isEqualTo(CircuitState.OPEN);
        assertThat(breaker.cause()).isEqualTo("service_error");
        assertThat(transitions)
                .containsExactly("closed->open service_error", "open->closed reset", "closed->open service_error");
    }

    @Test
    void hearsNoMoreOfTheTimeThatWasUpForAClosedCircuit() {
        GuardBreaker breaker = opened();
        breaker.close("reset");
        GuardBreaker other = opened();

        await().atMost(Duration.ofSeconds(5)).until(() -> other.state() == CircuitState.HALF_OPEN);

        assertThat(breaker.state()).isEqualTo(CircuitState.CLOSED);
    }

    @Test
    void isLeftAloneByAClosingByHandWhileClosed() {
        GuardBreaker breaker = breaker(2, LONG);
        fail(breaker, 1);

        breaker.close("reset");
        fail(breaker, 1);

        assertThat(transitions).containsExactly("closed->open service_error");
    }

    private GuardBreaker opened() {
        GuardBreaker breaker = breaker(1, SHORT);
        fail(breaker, 1);
        return breaker;
    }

    private static void fail(GuardBreaker breaker, int times) {
        for (int i = 0; i < times; i++) {
            breaker.tryAcquire().ifPresent(permit -> permit.failed("service_error"));
        }
    }
}
