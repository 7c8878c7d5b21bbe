package io.penstock.breaker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.penstock.policy.UpstreamPolicy.Circuit;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class GuardBreakerTest {
    private static final Duration LONG = Duration.ofMinutes(5);
    private static final Duration SHORT = Duration.ofMillis(30);

    private final ConcurrentLinkedQueue<String> transitions = new ConcurrentLinkedQueue<>();

    private GuardBreaker breaker(int window, double ratio, Duration openFor, int probes) {
        return new GuardBreaker(
                "primary",
                "upstream",
                new Circuit(window, ratio, openFor, probes, null),
                (upstream, scope, from, to, cause) ->
                        transitions.add(upstream + " " + scope + " " + from.label() + "->" + to.label() + " " + cause));
    }

    @Test
    void isClosedAtFirst() {
        GuardBreaker breaker = breaker(4, 0.5, LONG, 1);

        assertThat(breaker.state()).isEqualTo(CircuitState.CLOSED);
        assertThat(breaker.openFor()).isZero();
        assertThat(breaker.cause()).isEqualTo("none");
        assertThat(breaker.tryAcquire()).isPresent();
    }

    @Test
    void staysClosedBelowTheMinimumVolume() {
        GuardBreaker breaker = breaker(4, 0.5, LONG, 1);

        fail(breaker, 3);

        assertThat(breaker.state()).isEqualTo(CircuitState.CLOSED);
        assertThat(transitions).isEmpty();
    }

    @Test
    void staysClosedBelowTheRatio() {
        GuardBreaker breaker = breaker(4, 0.5, LONG, 1);

        fail(breaker, 1);
        for (int i = 0; i < 20; i++) {
            succeed(breaker, 3);
            fail(breaker, 1);
        }

        assertThat(breaker.state()).isEqualTo(CircuitState.CLOSED);
    }

    @Test
    void opensAtTheRatioWithTheCauseOfTheLastFailure() {
        GuardBreaker breaker = breaker(4, 0.5, LONG, 1);

        succeed(breaker, 2);
        breaker.tryAcquire().orElseThrow().failed("service_error");
        breaker.tryAcquire().orElseThrow().failed("network_error");

        assertThat(breaker.state()).isEqualTo(CircuitState.OPEN);
        assertThat(breaker.cause()).isEqualTo("network_error");
        assertThat(transitions).containsExactly("primary upstream closed->open network_error");
    }

    @Test
    void refusesWhileOpenAndCountsTheTimeDown() {
        GuardBreaker breaker = opened(LONG, 1);

        Duration first = breaker.openFor();

        assertThat(breaker.tryAcquire()).isEmpty();
        assertThat(first).isPositive().isLessThanOrEqualTo(LONG);
        await().atMost(Duration.ofSeconds(5))
                .untilAsserted(() -> assertThat(breaker.openFor()).isLessThan(first));
    }

    @Test
    void letsNoMoreThanTheProbesThroughWhenTheTimeIsUp() {
        GuardBreaker breaker = opened(SHORT, 2);

        Permit first = awaitPermit(breaker);
        Optional<Permit> second = breaker.tryAcquire();

        assertThat(breaker.state()).isEqualTo(CircuitState.HALF_OPEN);
        assertThat(breaker.openFor()).isZero();
        assertThat(second).isPresent();
        assertThat(breaker.tryAcquire()).isEmpty();
        first.succeeded();
        assertThat(breaker.state()).isEqualTo(CircuitState.HALF_OPEN);
        second.orElseThrow().succeeded();
        assertThat(breaker.state()).isEqualTo(CircuitState.CLOSED);
        assertThat(breaker.tryAcquire()).isPresent();
        assertThat(transitions)
                .containsExactly(
                        "primary upstream closed->open network_error",
                        "primary upstream open->half_open time_over",
                        "primary upstream half_open->closed recovered");
    }

    @Test
    void movesToHalfOpenWithoutBeingAsked() {
        GuardBreaker breaker = opened(SHORT, 1);

        await().atMost(Duration.ofSeconds(5)).until(() -> breaker.state() == CircuitState.HALF_OPEN);
    }

    @Test
    void opensAgainWhenAProbeFails() {
        GuardBreaker breaker = opened(SHORT, 2);

        awaitPermit(breaker).failed("overloaded");

        assertThat(transitions).last().isEqualTo("primary upstream half_open->open overloaded");
        assertThat(breaker.cause()).isEqualTo("overloaded");
    }

    @Test
    void opensAgainWhenAProbeIsAbandoned() {
        GuardBreaker breaker = opened(SHORT, 2);

        awaitPermit(breaker).abandoned();

        assertThat(transitions).last().isEqualTo("primary upstream half_open->open probe_abandoned");
    }

    @Test
    void neverTakesAnAbandonedProbeForARecovery() {
        // One that is had in the very moment when the time is up is a probe as well.
        for (int i = 0; i < 60; i++) {
            GuardBreaker breaker = opened(Duration.ofMillis(2), 1);

            spinForPermit(breaker).abandoned();

            assertThat(transitions).as("round %d", i).noneMatch(t -> t.endsWith("recovered"));
        }
    }

    @Test
    void survivesAProbeAfterAnother() {
        GuardBreaker breaker = opened(SHORT, 1);
        awaitPermit(breaker).abandoned();
        awaitPermit(breaker).failed("service_error");

        awaitPermit(breaker).succeeded();

        assertThat(breaker.state()).isEqualTo(CircuitState.CLOSED);
    }

    @Test
    void takesAnAbandonedCallInAClosedCircuitForNoFailure() {
        GuardBreaker breaker = breaker(4, 0.5, LONG, 1);

        for (int i = 0; i < 100; i++) {
            breaker.tryAcquire().orElseThrow().abandoned();
        }

        assertThat(breaker.state()).isEqualTo(CircuitState.CLOSED);
        assertThat(breaker.cause()).isEqualTo("none");
    }

    @Test
    void countsAPermitOnce() {
        GuardBreaker breaker = breaker(4, 1.0, LONG, 1);
        Permit permit = breaker.tryAcquire().orElseThrow();

        permit.failed("a");
        permit.failed("b");
        permit.succeeded();
        permit.abandoned();
        fail(breaker, 2);
        assertThat(breaker.state()).isEqualTo(CircuitState.CLOSED);
        fail(breaker, 1);

        assertThat(breaker.state()).isEqualTo(CircuitState.OPEN);
    }

    @Test
    void ignoresTheFailureOfACallThatHadSucceeded() {
        GuardBreaker breaker = breaker(1, 1.0, LONG, 1);
        Permit permit = breaker.tryAcquire().orElseThrow();

        permit.succeeded();
        permit.failed("late");

        assertThat(breaker.state()).isEqualTo(CircuitState.CLOSED);
    }

    @Test
    void leavesTheOpenCircuitAloneWhenAnEarlierCallEnds() {
        GuardBreaker breaker = breaker(2, 1.0, LONG, 1);
        Permit early = breaker.tryAcquire().orElseThrow();
        fail(breaker, 2);

        early.succeeded();

        assertThat(breaker.state()).isEqualTo(CircuitState.OPEN);
        assertThat(breaker.tryAcquire()).isEmpty();
    }

    @Test
    void closesAfterAProbeWhoseLongStreamHasBegun() {
        GuardBreaker breaker = opened(SHORT, 1);
        Permit probe = awaitPermit(breaker);

        probe.answered();

        assertThat(breaker.state()).isEqualTo(CircuitState.CLOSED);
        probe.succeeded();
        assertThat(breaker.state()).isEqualTo(CircuitState.CLOSED);
    }

    @Test
    void countsAFailureThatCameAfterAProbesAnswerHadBegun() {
        GuardBreaker breaker = opened(SHORT, 1);
        Permit probe = awaitPermit(breaker);
        probe.answered();

        probe.failed("stream_truncated");

        assertThat(breaker.state()).as("a window of one").isEqualTo(CircuitState.OPEN);
        assertThat(breaker.cause()).isEqualTo("stream_truncated");
        probe.failed("again");
        assertThat(breaker.cause()).isEqualTo("stream_truncated");
    }

    @Test
    void takesNoNoticeOfTheBeginningOfAnAnswerWhileClosed() {
        GuardBreaker breaker = breaker(1, 1.0, LONG, 1);
        Permit permit = breaker.tryAcquire().orElseThrow();

        permit.answered();
        permit.failed("stream_truncated");

        assertThat(breaker.state()).isEqualTo(CircuitState.OPEN);
    }

    @Test
    void forgivesAnApplicationThatLeavesAProbesStream() {
        GuardBreaker breaker = opened(SHORT, 1);
        Permit probe = awaitPermit(breaker);
        probe.answered();

        probe.abandoned();

        assertThat(breaker.state()).isEqualTo(CircuitState.CLOSED);
    }

    @Test
    void knowsBeforehandWhetherItWouldGiveAPermit() {
        GuardBreaker breaker = breaker(1, 1.0, SHORT, 2);
        assertThat(breaker.mayAcquire()).isTrue();
        breaker.tryAcquire().orElseThrow().failed("overloaded");
        await().atMost(Duration.ofSeconds(5)).until(breaker::mayAcquire);
        Permit first = breaker.tryAcquire().orElseThrow();
        assertThat(breaker.mayAcquire()).isTrue();
        assertThat(breaker.tryAcquire()).isPresent();
        assertThat(breaker.mayAcquire()).isFalse();
        first.failed("overloaded");
        await().atMost(Duration.ofSeconds(5)).until(breaker::mayAcquire);
    }

    @Test
    void grantsAtOnceOnAnEventLoop() throws Exception {
        GuardBreaker breaker = breaker(1, 1.0, LONG, 1);
        Vertx vertx = Vertx.vertx();
        try {
            CompletableFuture<List<Object>> seen = new CompletableFuture<>();
            vertx.runOnContext(x -> {
                List<Object> steps = new ArrayList<>();
                Optional<Permit> permit = breaker.tryAcquire();
                steps.add(permit.isPresent());
                permit.ifPresent(p -> p.failed("overloaded"));
                steps.add(breaker.state());
                steps.add(breaker.tryAcquire().isPresent());
                seen.complete(steps);
            });
            assertThat(seen.get(5, TimeUnit.SECONDS)).containsExactly(true, CircuitState.OPEN, false);
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
    }

    @Test
    void keepsCountUnderContention() throws Exception {
        // Every fourth call fails: below the ratio over any window of a hundred, whatever the interleaving.
        GuardBreaker breaker = breaker(100, 0.9, LONG, 1);
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            CountDownLatch start = new CountDownLatch(1);
            List<Future<Integer>> granted = new ArrayList<>();
            for (int t = 0; t < 4; t++) {
                granted.add(threads.submit(() -> {
                    start.await();
                    int count = 0;
                    for (int i = 0; i < 20_000; i++) {
                        Permit permit = breaker.tryAcquire().orElseThrow();
                        count++;
                        if (i % 4 == 0) {
                            permit.failed("service_error");
                        } else if (i % 4 == 1) {
                            permit.abandoned();
                        } else {
                            permit.succeeded();
                        }
                    }
                    return count;
                }));
            }
            start.countDown();
            for (Future<Integer> one : granted) {
                assertThat(one.get(60, TimeUnit.SECONDS)).isEqualTo(20_000);
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(breaker.state()).isEqualTo(CircuitState.CLOSED);
        fail(breaker, 100);
        assertThat(breaker.state()).isEqualTo(CircuitState.OPEN);
        assertThat(transitions).hasSize(1);
    }

    private GuardBreaker opened(Duration openFor, int probes) {
        GuardBreaker breaker = breaker(1, 1.0, openFor, probes);
        breaker.tryAcquire().orElseThrow().failed("network_error");
        return breaker;
    }

    private static Permit awaitPermit(GuardBreaker breaker) {
        return await().atMost(Duration.ofSeconds(5))
                .pollInterval(Duration.ofMillis(2))
                .until(breaker::tryAcquire, Optional::isPresent)
                .orElseThrow();
    }

    private static Permit spinForPermit(GuardBreaker breaker) {
        long end = System.nanoTime() + Duration.ofSeconds(5).toNanos();
        Optional<Permit> permit = breaker.tryAcquire();
        while (permit.isEmpty() && System.nanoTime() < end) {
            permit = breaker.tryAcquire();
        }
        return permit.orElseThrow();
    }

    private static void fail(GuardBreaker breaker, int times) {
        for (int i = 0; i < times; i++) {
            breaker.tryAcquire().ifPresent(permit -> permit.failed("service_error"));
        }
    }

    private static void succeed(GuardBreaker breaker, int times) {
        for (int i = 0; i < times; i++) {
            breaker.tryAcquire().ifPresent(Permit::succeeded);
        }
    }
}
