package io.penstock.telemetry;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.penstock.breaker.CircuitListener;
import io.penstock.breaker.CircuitState;
import io.penstock.record.DroppedRecords;
import io.penstock.record.Interception;
import io.penstock.record.InterceptionListener;

/** The meters of traffic as the program has them, for tests that live elsewhere and compare them with what happened. */
public final class CountedTraffic implements InterceptionListener, CircuitListener {
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final InterceptionMeters interceptions;
    private final CircuitMeters circuits;

    public CountedTraffic(DroppedRecords dropped) {
        Meters meters = new Meters(registry, dropped);
        this.interceptions = new InterceptionMeters(meters);
        this.circuits = new CircuitMeters(meters);
    }

    @Override
    public void ended(Interception interception) {
        interceptions.ended(interception);
    }

    @Override
    public void transition(String upstream, String scope, CircuitState from, CircuitState to, String cause) {
        circuits.transition(upstream, scope, from, to, cause);
    }

    /** The sum of all series of that meter that carry this label; an empty label's name is any label. */
    public long sum(String name, String label, String value) {
        return registry.getMeters().stream()
                .filter(meter -> meter.getId().getName().equals(name))
                .filter(meter -> label.isEmpty() || value.equals(meter.getId().getTag(label)))
                .mapToLong(CountedTraffic::value)
                .sum();
    }

    public long sum(String name) {
        return sum(name, "", "");
    }

    /** A timer's or summary's is how often it was told of something. */
    private static long value(Meter meter) {
        return Math.round(meter.measure().iterator().next().getValue());
    }
}
