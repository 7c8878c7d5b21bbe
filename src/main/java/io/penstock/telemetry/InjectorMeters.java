package io.penstock.telemetry;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter.MeterProvider;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.atomic.AtomicInteger;

/** The meters of the injector, made when the first of them is asked for: a gateway has none of them. Thread-safe. */
@Singleton
public final class InjectorMeters {
    private final MeterRegistry registry;
    private final MeterProvider<Counter> injections;
    private final MeterProvider<Counter> copies;
    private final Timer duration;
    private final AtomicInteger sourceValid = new AtomicInteger();

    InjectorMeters(MeterRegistry registry) {
        this.registry = registry;
        this.injections = Counter.builder("penstock_injections")
                .description("Answers of the admission webhook, by what became of the pod")
                .withRegistry(registry);
        this.copies = Counter.builder("penstock_policy_copies")
                .description("Writes to the namespaces' policy ConfigMaps, by what came of them")
                .withRegistry(registry);
        this.duration = Timer.builder("penstock_injection_duration")
                .description("Time from an admission request's last byte to its answer")
                .serviceLevelObjectives(
                        millis(1), millis(2), millis(5), millis(10), millis(25), millis(50), millis(250))
                .register(registry);
    }

    /** Lets the series of the webhook begin at zero. */
    public void injections(Collection<String> results) {
        results.forEach(result -> injections.withTags("result", result));
    }

    /** Lets the series of the policy keeper begin at zero, where policies are kept. */
    public void copies(Collection<String> copyResults) {
        copyResults.forEach(result -> copies.withTags("result", result));
        Gauge.builder("penstock_policy_source_valid", sourceValid, AtomicInteger::get)
                .description("Whether the policy that namespaces get is there and valid: 1 yes, 0 no")
                .register(registry);
    }

    public void injection(String result, Duration took) {
        injections.withTags("result", result).increment();
        duration.record(took);
    }

    public void copy(String result) {
        copies.withTags("result", result).increment();
    }

    public void sourceValid(boolean valid) {
        sourceValid.set(valid ? 1 : 0);
    }

    private static Duration millis(long millis) {
        return Duration.ofMillis(millis);
    }
}
