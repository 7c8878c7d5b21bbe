package io.penstock.telemetry;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.config.NamingConvention;
import io.micrometer.prometheus.PrometheusMeterRegistry;
import io.quarkus.micrometer.runtime.MeterRegistryCustomizer;
import io.quarkus.micrometer.runtime.MeterRegistryCustomizerConstraint;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Asks Prometheus' naming convention once for each name. Every series asks for its own and those of its labels, thousands of
 * times at the start, and the convention takes a name apart by regular expressions each time.
 */
@Singleton
// Deprecated in Micrometer, but the registry that Quarkus exports by.
@SuppressWarnings("deprecation")
@MeterRegistryCustomizerConstraint(applyTo = PrometheusMeterRegistry.class)
final class RememberedNames implements MeterRegistryCustomizer {

    @Override
    public void customize(MeterRegistry registry) {
        registry.config().namingConvention(new Remembering(registry.config().namingConvention()));
    }

    /** Bounded, because no name comes from traffic. Thread-safe. */
    private static final class Remembering implements NamingConvention {
        private final NamingConvention convention;
        private final Map<MeterName, String> meters = new ConcurrentHashMap<>();
        private final Map<String, String> labels = new ConcurrentHashMap<>();

        private record MeterName(
                String name, Meter.Type type, @Nullable String baseUnit) {}

        Remembering(NamingConvention convention) {
            this.convention = convention;
        }

        @Override
        public String name(String name, Meter.Type type, @Nullable String baseUnit) {
            return meters.computeIfAbsent(
                    new MeterName(name, type, baseUnit),
                    meter -> convention.name(meter.name(), meter.type(), meter.baseUnit()));
        }

        @Override
        public String tagKey(String key) {
            return labels.computeIfAbsent(key, convention::tagKey);
        }

        @Override
        public String tagValue(String value) {
            return convention.tagValue(value);
        }
    }
}
