package io.penstock.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.LongTaskTimer;
import io.micrometer.prometheus.PrometheusConfig;
import io.micrometer.prometheus.PrometheusMeterRegistry;
import io.quarkus.vertx.http.ManagementInterface;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

// The registry is deprecated in Micrometer and is the one that Quarkus exports by.
@SuppressWarnings("deprecation")
class MetricsEndpointTest {
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Vertx vertx = Vertx.vertx();

    @BeforeEach
    void filter() {
        registry.config().meterFilter(new ConformingMeters());
    }

    @AfterEach
    void stop() {
        await(vertx.close());
    }

    @ParameterizedTest
    @ValueSource(strings = {"*/*", "application/openmetrics-text; version=1.0.0", "text/plain"})
    void answersTheTextFormatWhateverIsAskedFor(String accept) {
        Counter.builder("penstock_x").description("Help").register(registry).increment();
        Router router = Router.router(vertx);
        router.route().order(1).handler(context -> context.response().end("the framework's"));
        new MetricsEndpoint(registry).mount(management(router));
        HttpServer server =
                await(vertx.createHttpServer().requestHandler(router).listen(0, "127.0.0.1"));

        String body = await(vertx.createHttpClient()
                .request(HttpMethod.GET, server.actualPort(), "127.0.0.1", "/metrics")
                .compose(request -> request.putHeader("accept", accept).send())
                .compose(response -> {
                    assertThat(response.getHeader("content-type")).startsWith("text/plain; version=0.0.4");
                    return response.body();
                })
                .map(Object::toString));

        assertThat(body).contains("# TYPE penstock_x_total counter\npenstock_x_total 1.0\n");
    }

    @Test
    void metersThatBreakTheConventionsAreKeptOut() {
        Gauge.builder("without.help", () -> 1).register(registry);
        Gauge.builder("system.cpu.count", () -> 1).description("Processors").register(registry);
        LongTaskTimer.builder("http.server.connections").description("Open").register(registry);
        Gauge.builder("jvm.threads.live", () -> 1).description("Threads").register(registry);

        assertThat(Scrape.of(registry.scrape()).types()).containsOnlyKeys("jvm_threads_live");
    }

    private static ManagementInterface management(Router router) {
        return () -> router;
    }

    private static <T> T await(Future<T> future) {
        return future.toCompletionStage().toCompletableFuture().join();
    }
}
