package io.penstock.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.penstock.breaker.CircuitState;
import io.penstock.breaker.GuardBreaker;
import io.penstock.classify.Category;
import io.penstock.policy.UpstreamPolicy;
import io.penstock.policy.UpstreamPolicy.Circuit;
import io.penstock.record.Interception.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * An outage, with the program's own circuits: that they open under load, that they keep the load away, and that they let it
 * back in when the upstream recovers. Time is virtual, but for the circuits'.
 */
class RelayRecoveryTest {
    private static final int WINDOW = 20;
    private static final int PROBES = 2;
    /** A hundred a second, with a retry after a tenth of a second: so many wait when the circuit opens. */
    private static final int RETRIES_WAITING = 10;

    private final List<String> transitions = new ArrayList<>();
    private final Rig rig = new Rig();

    private FakeUpstream upstream(String name, Duration openFor) {
        Circuit circuit = new Circuit(WINDOW, 0.5, openFor, PROBES, null);
        FakeUpstream.Settings settings = new FakeUpstream.Settings()
                .budget(0.2, 0)
                .circuits(scope -> new GuardBreaker(name, scope, circuit, (upstream, of, from, to, cause) -> {
                    if (of.equals(UpstreamPolicy.WHOLE_UPSTREAM)) {
                        transitions.add(upstream + " " + to + " " + cause);
                    }
                }));
        return rig.upstream(name, settings);
    }

    private static Script[] failing(int times) {
        return Collections.nCopies(times, Script.json(500, Wire.BROKEN)).toArray(Script[]::new);
    }

    private List<Rig> load(int interceptions) {
        List<Rig> all = new ArrayList<>();
        for (int i = 0; i < interceptions; i++) {
            all.add(rig.another().start());
            rig.timers.advance(Duration.ofMillis(10));
        }
        rig.timers.advance(Duration.ofMinutes(1));
        return all;
    }

    private static CircuitState state(FakeUpstream upstream) {
        return upstream.upstream().circuits().whole().state();
    }

    @Test
    void keepsTheLoadFromUpstreamsThatAllFail() {
        FakeUpstream a = upstream("a", Duration.ofHours(1)).plays(failing(200));
        FakeUpstream b = upstream("b", Duration.ofHours(1)).plays(failing(200));

        List<Rig> all = load(2_000);

        for (FakeUpstream upstream : List.of(a, b)) {
            assertThat(state(upstream)).isEqualTo(CircuitState.OPEN);
            assertThat(upstream.calls()).isBetween(WINDOW, WINDOW + RETRIES_WAITING);
        }
        assertThat(transitions).containsExactlyInAnyOrder("a OPEN service_error", "b OPEN service_error");
        assertThat(all)
                .allSatisfy(one -> assertThat(one.interceptions.failure()).isNotNull());
        assertThat(all.subList(100, 2_000)).allSatisfy(one -> {
            assertThat(one.interceptions.failure().category()).isEqualTo(Category.CIRCUIT_OPEN);
            assertThat(one.interceptions.only().duration()).isZero();
            assertThat(one.client.status()).isEqualTo(503);
        });
    }

    @Test
    void comesBackAfterOneOpenPeriodWithNoMoreThanTheProbesAtOnce() {
        FakeUpstream a = upstream("a", Duration.ofMillis(200)).plays(failing(WINDOW));
        for (int i = 0; i < WINDOW; i++) {
            rig.another().sends("x-stainless-retry-count", "1").start();
        }
        assertThat(state(a)).isEqualTo(CircuitState.OPEN);
        int before = a.calls();
        assertThat(before).isEqualTo(WINDOW);

        // From here on the upstream is well, but slow: the test answers for it.
        await("one open period").atMost(Duration.ofSeconds(20)).until(() -> state(a) == CircuitState.HALF_OPEN);
        List<Rig> herd =
                IntStream.range(0, 64).mapToObj(i -> rig.another().start()).toList();

        assertThat(a.calls() - before).as("probes under way").isEqualTo(PROBES);
        assertThat(herd.subList(PROBES, 64))
                .allSatisfy(one ->
                        assertThat(one.interceptions.failure().category()).isEqualTo(Category.CIRCUIT_OPEN));
        for (int i = 0; i < PROBES; i++) {
            Script.json(200, Wire.ANSWER).play(a.call(before + i));
            assertThat(herd.get(i).interceptions.only().outcome()).isEqualTo(Outcome.SUCCESS);
        }
        assertThat(state(a)).isEqualTo(CircuitState.CLOSED);
        assertThat(transitions).containsExactly("a OPEN service_error", "a HALF_OPEN time_over", "a CLOSED recovered");

        IntStream.range(0, 64).forEach(i -> rig.another().start());
        assertThat(a.calls()).as("all the load is back").isEqualTo(before + PROBES + 64);
        a.connector.calls().subList(before + PROBES, a.calls()).forEach(Script.json(200, Wire.ANSWER)::play);
        assertThat(state(a)).isEqualTo(CircuitState.CLOSED);
    }
}
