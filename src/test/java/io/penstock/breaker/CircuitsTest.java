package io.penstock.breaker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.penstock.breaker.Circuits.Gate;
import io.penstock.policy.UpstreamPolicy.Circuit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class CircuitsTest {
    private static final Duration LONG = Duration.ofMinutes(5);
    private static final Duration SHORT = Duration.ofMillis(30);

    private final Queue<String> transitions = new ConcurrentLinkedQueue<>();

    private Circuits circuits(Duration openFor, int probes, String... models) {
        return new Circuits(
                List.of(models),
                scope -> new GuardBreaker(
                        "primary",
                        scope,
                        new Circuit(2, 1, openFor, probes, null),
                        (upstream, told, from, to, cause) -> transitions.add(told + " " + to.label() + " " + cause)));
    }

    @Test
    void hasACircuitForEachConfiguredModelAndOneForTheOthers() {
        assertThat(circuits(LONG, 1, "gpt-5", "gpt-4").scopes()).containsExactly("upstream", "gpt-5", "gpt-4", "other");
        assertThat(circuits(LONG, 1, "upstream", "other").scopes()).containsExactly("upstream", "other");
    }

    @Test
    void keepsBackAllModelsWhenTheUpstreamFails() {
        Circuits circuits = circuits(LONG, 1, "gpt-5");

        pass(circuits, "gpt-5").upstreamFailed("service_error");
        pass(circuits, null).upstreamFailed("network_error");

        for (String model : new String[] {"gpt-5", "what-else"}) {
            Gate.Shut shut = (Gate.Shut) circuits.tryPass(model);
            assertThat(shut.scope()).isEqualTo("upstream");
            assertThat(shut.cause()).isEqualTo("network_error");
            assertThat(shut.left()).isPositive().isLessThanOrEqualTo(LONG);
        }
        assertThat(circuits.tryPass(null)).isInstanceOf(Gate.Shut.class);
    }

    @Test
    void keepsBackOnlyTheModelThatIsOverloaded() {
        Circuits circuits = circuits(LONG, 1, "gpt-5", "gpt-4");

        pass(circuits, "gpt-5").modelFailed("overloaded");
        pass(circuits, "gpt-5").modelFailed("overloaded");

        assertThat((Gate.Shut) circuits.tryPass("gpt-5"))
                .extracting(Gate.Shut::scope, Gate.Shut::cause)
                .containsExactly("gpt-5", "overloaded");
        assertThat(circuits.tryPass("gpt-4")).isInstanceOf(Gate.Open.class);
        assertThat(circuits.tryPass("what-else")).isInstanceOf(Gate.Open.class);
        assertThat(circuits.tryPass(null)).isInstanceOf(Gate.Open.class);
        assertThat(transitions).containsExactly("gpt-5 open overloaded");
    }

    @Test
    void takesAllModelsThatAreNotConfiguredTogether() {
        Circuits circuits = circuits(LONG, 1, "gpt-5");

        pass(circuits, "made-up-1").modelFailed("overloaded");
        pass(circuits, "made-up-2").modelFailed("overloaded");

        assertThat((Gate.Shut) circuits.tryPass("made-up-3"))
                .extracting(Gate.Shut::scope)
                .isEqualTo("other");
        assertThat(circuits.tryPass("gpt-5")).isInstanceOf(Gate.Open.class);
        assertThat(circuits.scopes()).hasSize(3);
    }

    @Test
    void takesAModelWithTheNameOfTheWholeForOneOfTheOthers() {
        Circuits circuits = circuits(LONG, 1);

        pass(circuits, "upstream").modelFailed("overloaded");
        pass(circuits, "upstream").modelFailed("overloaded");

        assertThat(circuits.tryPass(null)).isInstanceOf(Gate.Open.class);
        assertThat(circuits.tryPass("x")).isInstanceOf(Gate.Shut.class);
    }

    @Test
    void spendsNoProbeOfTheUpstreamOnAModelThatIsKeptBack() {
        Circuits circuits = circuits(SHORT, 1, "gpt-5");
        pass(circuits, null).upstreamFailed("service_error");
        pass(circuits, null).upstreamFailed("service_error");
        await().atMost(Duration.ofSeconds(5)).until(() -> circuits.whole().state() == CircuitState.HALF_OPEN);
        shut(circuits, "gpt-5");

        assertThat(circuits.tryPass("gpt-5")).isInstanceOf(Gate.Shut.class);

        assertThat(circuits.whole().state()).isEqualTo(CircuitState.HALF_OPEN);
        pass(circuits, null).succeeded();
        assertThat(circuits.whole().state()).isEqualTo(CircuitState.CLOSED);
    }

    @Test
    void looksWithoutTaking() {
        Circuits circuits = circuits(SHORT, 1);
        pass(circuits, null).upstreamFailed("service_error");
        pass(circuits, null).upstreamFailed("service_error");
        assertThat(circuits.shut(null)).isPresent();
        await().atMost(Duration.ofSeconds(5)).until(() -> circuits.shut(null).isEmpty());
        for (int i = 0; i < 10; i++) {
            assertThat(circuits.shut("x")).isEmpty();
        }
        Passage probe = pass(circuits, null);
        assertThat(circuits.shut(null)).isPresent();
        probe.succeeded();
        assertThat(circuits.shut(null)).isEmpty();
    }

    @Test
    void resetsOneScopeOrAll() {
        Circuits circuits = circuits(LONG, 1, "gpt-5");
        shut(circuits, "gpt-5");
        shut(circuits, "x");

        assertThat(circuits.reset("nothing")).isFalse();
        assertThat(circuits.reset("gpt-5")).isTrue();
        assertThat(circuits.tryPass("gpt-5")).isInstanceOf(Gate.Open.class);
        assertThat(circuits.tryPass("x")).isInstanceOf(Gate.Shut.class);
        assertThat(circuits.reset(null)).isTrue();
        assertThat(circuits.tryPass("x")).isInstanceOf(Gate.Open.class);
        assertThat(transitions)
                .containsExactly(
                        "gpt-5 open overloaded", "other open overloaded", "gpt-5 closed reset", "other closed reset");
    }

    @RepeatedTest(10)
    void neverWedgesWhateverThreadsDo() throws Exception {
        Circuits circuits = circuits(Duration.ofMillis(2), 2, "gpt-5");
        ExecutorService threads = Executors.newFixedThreadPool(4);
        CountDownLatch start = new CountDownLatch(1);
        List<Future<?>> results = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            int seed = t;
            results.add(threads.submit(() -> {
                start.await();
                for (int i = seed; i < 40_000; i++) {
                    if (circuits.tryPass(i % 3 == 0 ? "gpt-5" : i % 3 == 1 ? "x" : null) instanceof Gate.Open open) {
                        end(open.passage(), i * 31 % 7);
                    }
                }
                return null;
            }));
        }
        start.countDown();
        threads.shutdown();
        for (Future<?> result : results) {
            result.get(60, TimeUnit.SECONDS);
        }

        for (String model : new String[] {"gpt-5", "x"}) {
            await().atMost(Duration.ofSeconds(10))
                    .pollInterval(Duration.ofMillis(2))
                    .until(() -> {
                        if (circuits.tryPass(model) instanceof Gate.Open open) {
                            open.passage().succeeded();
                        }
                        return circuits.shut(model).isEmpty();
                    });
        }
    }

    private static void end(Passage passage, int how) {
        switch (how) {
            case 0 -> passage.upstreamFailed("service_error");
            case 1 -> passage.modelFailed("overloaded");
            case 2 -> passage.abandoned();
            case 3 -> {
                passage.answered();
                passage.upstreamFailed("stream_truncated");
            }
            case 4 -> {
                passage.answered();
                passage.abandoned();
            }
            default -> passage.succeeded();
        }
    }

    private static void shut(Circuits circuits, String model) {
        // On the model's circuit alone: the other may be half-open and have no probe to spare.
        circuits.forEach((scope, breaker) -> {
            if (scope.equals(model)
                    || (scope.equals("other") && !circuits.scopes().contains(model))) {
                for (int i = 0; i < 2; i++) {
                    breaker.tryAcquire().orElseThrow().failed("overloaded");
                }
            }
        });
    }

    private static Passage pass(Circuits circuits, @Nullable String model) {
        return ((Gate.Open) circuits.tryPass(model)).passage();
    }
}
