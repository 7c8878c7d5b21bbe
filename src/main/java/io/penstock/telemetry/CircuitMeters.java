package io.penstock.telemetry;

import io.penstock.breaker.CircuitListener;
import io.penstock.breaker.CircuitState;
import jakarta.inject.Singleton;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Shows the state of every circuit and counts its transitions. Thread-safe. */
@Singleton
final class CircuitMeters implements CircuitListener {
    private final Meters meters;
    private final ConcurrentHashMap<Circuit, AtomicInteger> states = new ConcurrentHashMap<>();

    CircuitMeters(Meters meters) {
        this.meters = meters;
    }

    private record Circuit(String upstream, String scope) {}

    @Override
    public void transition(String upstream, String scope, CircuitState from, CircuitState to, String cause) {
        state(upstream, scope).set(value(to));
        meters.circuitTransitions(upstream, scope, to.label()).increment();
    }

    /** Shows a circuit, closed until it is told otherwise. */
    void expect(String upstream, String scope) {
        state(upstream, scope);
    }

    private AtomicInteger state(String upstream, String scope) {
        return states.computeIfAbsent(new Circuit(upstream, scope), circuit -> {
            AtomicInteger state = new AtomicInteger(value(CircuitState.CLOSED));
            meters.circuitState(circuit.upstream(), circuit.scope(), state);
            return state;
        });
    }

    private static int value(CircuitState state) {
        return switch (state) {
            case CLOSED -> 0;
            case HALF_OPEN -> 1;
            case OPEN -> 2;
        };
    }
}
