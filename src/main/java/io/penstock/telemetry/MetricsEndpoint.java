package io.penstock.telemetry;

import io.micrometer.prometheus.PrometheusMeterRegistry;
import io.prometheus.client.exporter.common.TextFormat;
import io.quarkus.vertx.http.ManagementInterface;
import io.vertx.core.http.HttpHeaders;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/**
 * {@code GET /metrics} on the management listener, always in Prometheus' text format. Quarkus' own endpoint answers
 * OpenMetrics to {@code Accept: *}{@code /*}, which is what {@code curl} sends and {@code promtool check metrics} cannot
 * read, and 406 to some scrapers.
 */
@Singleton
// Deprecated in Micrometer, but the registry that Quarkus exports by.
@SuppressWarnings("deprecation")
final class MetricsEndpoint {
    /** Before the endpoint of Quarkus. */
    private static final int ORDER = -1_000;

    private final PrometheusMeterRegistry registry;

    MetricsEndpoint(PrometheusMeterRegistry registry) {
        this.registry = registry;
    }

    void mount(@Observes ManagementInterface management) {
        management
                .router()
                .get("/metrics")
                .order(ORDER)
                .blockingHandler(
                        context -> context.response()
                                .putHeader(HttpHeaders.CONTENT_TYPE, TextFormat.CONTENT_TYPE_004)
                                .end(registry.scrape(TextFormat.CONTENT_TYPE_004)),
                        false);
    }
}
