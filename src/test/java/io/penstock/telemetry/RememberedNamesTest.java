package io.penstock.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.config.NamingConvention;
import io.micrometer.prometheus.PrometheusConfig;
import io.micrometer.prometheus.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

// Deprecated in Micrometer, but the registry that Quarkus exports by.
@SuppressWarnings("deprecation")
class RememberedNamesTest {
    private final List<String> asked = new ArrayList<>();

    private static void fill(MeterRegistry registry) {
        for (String route : List.of("openai", "anthropic", "gemini")) {
            Counter.builder("some.calls").tag("the.route", route).register(registry);
            Counter.builder("some.bytes")
                    .baseUnit("bytes")
                    .tag("the.route", route)
                    .register(registry);
            Timer.builder("some.time")
                    .tag("the.route", route)
                    .serviceLevelObjectives(Duration.ofSeconds(1))
                    .register(registry);
        }
    }

    @Test
    void seriesAreNamedAsByTheConventionItself() {
        PrometheusMeterRegistry plain = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        PrometheusMeterRegistry remembering = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        new RememberedNames().customize(remembering);
        fill(plain);
        fill(remembering);

        assertThat(remembering.scrape().lines())
                .containsExactlyInAnyOrderElementsOf(plain.scrape().lines().toList());
        assertThat(plain.scrape()).contains("some_bytes_total{the_route=\"openai\",}", "some_time_seconds_bucket");
    }

    @Test
    void asksTheConventionOnceForEachName() {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        registry.config().namingConvention(new NamingConvention() {
            @Override
            public String name(String name, Meter.Type type, @Nullable String baseUnit) {
                asked.add(name);
                return name.replace('.', '_');
            }

            @Override
            public String tagKey(String key) {
                asked.add(key);
                return key.replace('.', '_');
            }
        });
        new RememberedNames().customize(registry);
        fill(registry);
        registry.scrape();

        assertThat(asked).containsExactlyInAnyOrder("some.calls", "some.bytes", "some.time", "the.route");
    }
}
