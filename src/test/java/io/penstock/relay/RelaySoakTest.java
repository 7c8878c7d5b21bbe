package io.penstock.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.penstock.breaker.CircuitState;
import io.penstock.record.Interception.Outcome;
import io.penstock.relay.SoakBench.Case;
import io.penstock.upstream.KeyPool;
import io.penstock.upstream.KeyState;
import io.penstock.upstream.Upstream;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * 100,000 interceptions, dozens of them at a time, three of ten calls of which fail in every way there is, and whose
 * applications leave, dawdle, or are cut off by the program's end: nothing is left over, and everything adds up.
 */
class RelaySoakTest {
    private static final int INTERCEPTIONS = Integer.getInteger("penstock.soak.virtual", 100_000);
    private static final double FAULTY = 0.3;
    private static final List<SoakFault> FAULTS = List.of(SoakFault.values());
    private static final List<Tongue> TONGUES = List.of(Tongue.values());

    private final long seed = Long.getLong("penstock.soak.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final Map<SoakFault, Integer> injected = new EnumMap<>(SoakFault.class);
    private final SoakBench bench = new SoakBench(random, this::part);
    private boolean faulty = true;

    @Test
    void nothingIsLeftOverAndEverythingAddsUp() {
        System.out.println("RelaySoakTest: -Dpenstock.soak.seed=" + seed);
        Queue<Case> underWay = new ArrayDeque<>();
        int most = 0;
        for (int i = 0; i < INTERCEPTIONS; i++) {
            underWay.add(begin());
            bench.timers.advance(Duration.ofMillis(20));
            underWay.removeIf(one -> one.over);
            most = Math.max(most, underWay.size());
        }
        bench.timers.advance(SoakBench.DEADLINE.plusSeconds(20));

        assertThat(bench.ended).as("ended").isEqualTo(INTERCEPTIONS);
        assertEverythingAddsUp();
        assertNothingIsLeftOver();
        assertThat(most).as("interceptions under way at a time").isGreaterThan(20);
        assertThat(injected.keySet()).as("faults").containsExactlyInAnyOrderElementsOf(FAULTS);
        assertThat(bench.metrics.sum("penstock_circuit_transitions", "to", "open"))
                .isPositive();
        assertThat(bench.records.outcome(Outcome.SUCCESS)).isGreaterThan(INTERCEPTIONS / 2);
        assertThat(bench.records.outcome(Outcome.ERROR)).isGreaterThan(INTERCEPTIONS / 100);
        assertThat(bench.records.outcome(Outcome.CANCELED)).isGreaterThan(INTERCEPTIONS / 100);

        assertNothingIsStuck();
        assertEverythingAddsUp();
        assertNothingIsLeftOver();
    }

    private Case begin() {
        Tongue tongue = TONGUES.get(random.nextInt(TONGUES.size()));
        Case begun = bench.new Case(tongue, random.nextInt(4) > 0, null);
        switch (random.nextInt(40)) {
            case 0 -> begun.client.fill();
            case 1 -> begun.client.dawdleAtTheEnd();
            default -> {}
        }
        begun.relay.start();
        Duration later = Duration.ofMillis(random.nextInt(250));
        switch (random.nextInt(40)) {
            case 0, 1 -> bench.timers.after(later, begun.relay::clientGone);
            case 2 -> bench.timers.after(later, () -> begun.relay.interrupt("the gateway is shutting down"));
            case 3 -> bench.timers.after(later, begun.client::drain);
            default -> {}
        }
        return begun;
    }

    private List<SoakFault.Step> part(Tongue tongue) {
        if (!faulty || random.nextDouble() >= FAULTY) {
            return SoakFault.none(tongue);
        }
        SoakFault fault = FAULTS.get(random.nextInt(FAULTS.size()));
        injected.merge(fault, 1, Integer::sum);
        return fault.steps(tongue, random);
    }

    private void assertEverythingAddsUp() {
        assertThat(bench.records.records()).as("records").isEqualTo(bench.started);
        assertThat(bench.records.interceptions()).as("different records").isEqualTo(bench.started);
        assertThat(bench.records.dropped().count()).isZero();
        assertThat(bench.metrics.sum("penstock_interceptions")).isEqualTo(bench.started);
        assertThat(bench.metrics.sum("penstock_interception_duration")).isEqualTo(bench.started);
        for (Outcome outcome : Outcome.values()) {
            assertThat(bench.metrics.sum("penstock_interceptions", "outcome", outcome.label()))
                    .as(outcome.label())
                    .isEqualTo(bench.records.outcome(outcome));
        }
        assertThat(bench.metrics.sum("penstock_errors")).isEqualTo(bench.records.outcome(Outcome.ERROR));
        assertThat(bench.records.attempts()).as("attempts recorded").isEqualTo(bench.calls);
        assertThat(bench.metrics.sum("penstock_attempts")).isEqualTo(bench.calls);
    }

    private void assertNothingIsLeftOver() {
        assertThat(bench.timers.pending()).as("timers").isZero();
        assertThat(bench.hanging()).as("calls that hang on").isEmpty();
        for (String route : List.of("openai", "anthropic", "gemini")) {
            assertThat(bench.traffic.openStreams(route))
                    .as("streams of " + route)
                    .hasValue(0);
        }
        // No connections allowed: a single exchange under way would show.
        assertThat(bench.upstreams.values()).noneMatch(Upstream::saturated);
    }

    /** Once providers are well again, every circuit closes and every key is used. */
    private void assertNothingIsStuck() {
        faulty = false;
        bench.timers.advance(Duration.ofHours(2));
        await("circuits closed").pollInterval(SoakBench.OPEN_FOR).untilAsserted(() -> {
            bench.upstreams.keySet().forEach(name -> List.of(Tongue.CHAT, Tongue.MESSAGES, Tongue.GEMINI)
                    .forEach(tongue -> Collections.nCopies(3, tongue).forEach(one -> succeed(one, name))));
            bench.upstreams.values().forEach(upstream -> upstream.circuits()
                    .forEach((scope, circuit) -> assertThat(circuit.state())
                            .as("circuit %s of %s", scope, upstream.name())
                            .isEqualTo(CircuitState.CLOSED)));
        });
        for (Upstream upstream : bench.upstreams.values()) {
            KeyPool keys = upstream.keys();
            assertThat(keys == null ? 0 : keys.statuses().size() - keys.count(KeyState.READY))
                    .as("keys of %s that rest", upstream.name())
                    .isZero();
        }
    }

    private void succeed(Tongue tongue, String upstream) {
        Case asked = bench.new Case(tongue, true, upstream);
        asked.relay.start();
        bench.timers.advance(Duration.ofSeconds(2));
        assertThat(asked.over).isTrue();
    }
}
