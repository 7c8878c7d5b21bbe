package io.penstock.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.penstock.simulator.Headers;
import io.penstock.simulator.Script;
import io.penstock.simulator.Simulator;
import io.penstock.upstream.TestCertificate;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpVersion;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Circuits of the packaged program: what opens them, what closes them, and what they keep from an outage. */
class CircuitIT {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String KEY = "sk-probe-0123456789-keys";
    private static final Script BROKEN =
            Script.json(500, "{\"error\":{\"message\":\"boom\",\"type\":\"server_error\"}}");
    private static final int PROBES = 2;
    private static final Script SLOW = Script.begin()
            .head(200, Headers.of("content-type", "application/json"))
            .delay(Duration.ofMillis(300))
            .bytes("{\"object\":\"chat.completion\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\","
                    + "\"content\":\"Hi\"},\"finish_reason\":\"stop\"}]}")
            .end();
    private static final Script OVERLOADED =
            Script.json(529, "{\"error\":{\"message\":\"overloaded\",\"type\":\"overloaded_error\"}}");
    private static final String POLICY = """
            routes:
              - {name: patient, dialect: openai, upstreams: [{name: patient}]}
              - {name: eager, dialect: openai, whenAllOpen: try, upstreams: [{name: eager}]}
              - {name: probed, dialect: openai, upstreams: [{name: probed}]}
              - {name: private, dialect: openai, upstreams: [{name: private}]}
              - {name: h2c, dialect: openai, upstreams: [{name: h2c}]}
              - {name: outage, dialect: openai, upstreams: [{name: outage}]}
              - {name: budgeted, dialect: openai, upstreams: [{name: budgeted}]}
            upstreams:
              - name: patient
                url: %1$s
                dialect: openai
                models: [gpt-5]
                retry: {attempts: 0}
                circuit: {window: 2, openFor: 1h}
              - name: eager
                url: %1$s
                dialect: openai
                retry: {attempts: 0}
                circuit: {window: 2, openFor: 1h}
              - name: probed
                url: %1$s
                dialect: openai
                credentials: [{env: PROBE_KEY}]
                retry: {attempts: 0}
                circuit: {window: 2, openFor: 1h, probe: {path: "/v1/models?limit=1", interval: 200ms}}
              - name: private
                url: https://localhost:%2$d
                dialect: openai
                credentials: none
                retry: {attempts: 0}
                tls: {ca: "%3$s"}
                circuit: {window: 2, openFor: 1h, probe: {path: /v1/models, interval: 500ms}}
              - name: h2c
                url: %1$s
                dialect: openai
                http: http2
                retry: {attempts: 0}
                circuit: {window: 2, openFor: 1h, probe: {path: /v1/models, interval: 500ms}}
              - name: outage
                url: %1$s
                dialect: openai
                retry: {attempts: 2, baseDelay: 1ms, maxDelay: 1ms, budget: {ratio: 0.2, minPerSecond: 0}}
                circuit: {window: 20, openFor: 2s, probes: 2}
              - name: budgeted
                url: %1$s
                dialect: openai
                retry: {attempts: 2, baseDelay: 1ms, maxDelay: 1ms, budget: {ratio: 0.2, minPerSecond: 0}}
                circuit: {window: 10000}
            """;

    private static Vertx vertx;
    private static Simulator provider;
    private static Simulator secure;
    private static PenstockProcess penstock;

    @BeforeAll
    static void start(@TempDir Path directory) throws Exception {
        vertx = Vertx.vertx();
        provider = Simulator.start(vertx);
        TestCertificate certificate = TestCertificate.of(directory, "dns:localhost");
        secure = Simulator.start(vertx, Simulator.Options.CLEAR.withCertificate(certificate.identity()));
        Path policy = Files.writeString(
                directory.resolve("penstock.yaml"),
                POLICY.formatted(provider.baseUrl(), secure.port(), certificate.pem()));
        penstock = PenstockProcess.serve(Map.of("PENSTOCK_POLICY", policy.toString(), "PROBE_KEY", KEY));
    }

    @AfterAll
    static void stop() {
        penstock.close();
        provider.close();
        secure.close();
        vertx.close();
    }

    @AfterEach
    void forget() {
        provider.forget();
        secure.forget();
    }

    @Test
    void opensAModelsCircuitAloneAndClosesItByHand() throws Exception {
        provider.always(OVERLOADED);
        ask("patient", "gpt-5");
        ask("patient", "gpt-5");
        assertThat(states("patient")).containsExactly("upstream closed", "gpt-5 open", "other closed");
        assertThat(metrics().sum("penstock_circuit_state", "upstream", "patient", "scope", "gpt-5"))
                .isEqualTo(2);

        provider.forget();
        RawAnswer refused = ask("patient", "gpt-5");
        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.header("x-penstock-category")).isEqualTo("circuit_open");
        assertThat(refused.text()).contains("gpt-5", "overloaded");
        assertThat(ask("patient", "gpt-4").status()).isEqualTo(200);

        assertThat(post("/upstreams/patient/circuit/reset", "Origin", "http://evil.example")
                        .statusCode())
                .isEqualTo(403);
        assertThat(ask("patient", "gpt-5").status()).isEqualTo(503);
        assertThat(post("/upstreams/patient/circuit/reset?scope=gpt-5", "Accept", "*/*")
                        .statusCode())
                .isEqualTo(200);
        assertThat(ask("patient", "gpt-5").status()).isEqualTo(200);
        assertThat(metrics().sum("penstock_circuit_state", "upstream", "patient"))
                .isZero();
        assertThat(penstock.output())
                .anyMatch(
                        line -> line.contains("circuit of upstream patient (gpt-5): closed -> open, cause overloaded"))
                .anyMatch(line -> line.contains("(gpt-5): open -> closed, cause reset"));
    }

    @Test
    void asksAllTheSameWhereTheRouteWouldRatherTry() throws IOException {
        provider.always(BROKEN);
        ask("eager", "gpt-5");
        ask("eager", "gpt-5");
        provider.forget();

        assertThat(ask("eager", "gpt-5").status()).isEqualTo(200);
    }

    @Test
    void closesACircuitWhenTheUpstreamAnswersTheProbe() throws Exception {
        AtomicBoolean well = new AtomicBoolean();
        provider.when(exchange -> exchange.method().equals("GET") && well.get(), Script.json(200, "{\"data\":[]}"));
        provider.always(BROKEN);
        ask("probed", "gpt-5");
        ask("probed", "gpt-5");
        assertThat(states("probed")).contains("upstream open");
        await("probes")
                .atMost(PATIENCE)
                .until(() -> provider.exchanges().stream()
                                .filter(exchange -> exchange.method().equals("GET"))
                                .count()
                        >= 2);
        assertThat(states("probed")).as("a probe that fails").contains("upstream open");

        well.set(true);

        await("closed").atMost(PATIENCE).until(() -> states("probed").contains("upstream closed"));
        var probe = provider.exchanges().stream()
                .filter(exchange -> exchange.method().equals("GET"))
                .findFirst()
                .orElseThrow();
        assertThat(probe.uri()).isEqualTo("/v1/models?limit=1");
        assertThat(probe.headers().all("authorization")).containsExactly("Bearer " + KEY);
        assertThat(penstock.output()).anyMatch(line -> line.contains("(upstream): open -> closed, cause probe"));
        assertThat(penstock.output()).noneMatch(line -> line.contains(KEY));
    }

    @Test
    void probesAnUpstreamOfAPrivateAuthority() throws Exception {
        secure.when(exchange -> exchange.method().equals("GET"), Script.json(200, "{\"data\":[]}"));
        secure.always(BROKEN);
        ask("private", "gpt-5");
        ask("private", "gpt-5");

        await("closed").atMost(PATIENCE).until(() -> states("private").contains("upstream closed"));
        assertThat(penstock.output()).anyMatch(line -> line.contains("upstream private answered the probe"));
    }

    @Test
    void probesAnUpstreamThatSpeaksHttp2InTheClear() throws Exception {
        provider.when(exchange -> exchange.method().equals("GET"), Script.json(200, "{\"data\":[]}"));
        provider.always(BROKEN);
        ask("h2c", "gpt-5");
        ask("h2c", "gpt-5");

        await("closed").atMost(PATIENCE).until(() -> states("h2c").contains("upstream closed"));
        assertThat(penstock.output()).anyMatch(line -> line.contains("upstream h2c answered the probe"));
        assertThat(provider.exchanges())
                .hasSize(3)
                .allSatisfy(exchange -> assertThat(exchange.version()).isEqualTo(HttpVersion.HTTP_2))
                // Prior knowledge: many servers that speak it do not know the upgrade, which RFC 9113 §3.1 withdrew.
                .allSatisfy(exchange ->
                        assertThat(exchange.headers().all("http2-settings")).isEmpty());
    }

    @Test
    void neverAmplifiesAnOutageBeyondTheRetryBudget() throws Exception {
        provider.always(BROKEN);

        int interceptions = load("budgeted", 4, 50);

        assertThat(interceptions).isEqualTo(200);
        assertThat((double) provider.exchanges().size() / interceptions).isBetween(1.0, 1.2);
    }

    @Test
    void keepsAnOutageFromTheProviderAndReturnsWithoutAHerd() throws Exception {
        provider.always(BROKEN);
        int interceptions = load("outage", 8, 50);
        assertThat(interceptions).isEqualTo(400);
        assertThat(provider.exchanges().size())
                .as("calls while the circuit is open")
                .isLessThan(100);
        assertThat(states("outage")).contains("upstream open");

        double opened = timesOpened("outage");
        provider.forget();
        AtomicInteger underWay = new AtomicInteger();
        AtomicInteger succeeded = new AtomicInteger();
        AtomicInteger mostBeforeRecovery = new AtomicInteger();
        provider.always(exchange -> {
            int atOnce = underWay.incrementAndGet();
            if (succeeded.get() < PROBES) {
                mostBeforeRecovery.accumulateAndGet(atOnce, Math::max);
            }
            var unused = exchange.ending().thenRun(() -> {
                succeeded.incrementAndGet();
                underWay.decrementAndGet();
            });
            return SLOW;
        });
        AtomicBoolean recovered = new AtomicBoolean();
        ExecutorService applications = Executors.newFixedThreadPool(8);
        try {
            List<Future<?>> loads = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                loads.add(applications.submit(() -> {
                    long end = System.nanoTime() + PATIENCE.toNanos();
                    while (!recovered.get() && System.nanoTime() < end) {
                        if (ask("outage", "gpt-5").status() == 200) {
                            recovered.set(true);
                        }
                    }
                    return null;
                }));
            }
            for (Future<?> load : loads) {
                load.get(60, TimeUnit.SECONDS);
            }
        } finally {
            applications.shutdownNow();
        }
        assertThat(recovered).isTrue();
        await("closed").atMost(PATIENCE).until(() -> {
            ask("outage", "gpt-5");
            return states("outage").contains("upstream closed");
        });
        assertThat(mostBeforeRecovery.get()).as("calls at once while half-open").isBetween(1, PROBES);
        assertThat(timesOpened("outage")).as("open periods before it closed").isEqualTo(opened);
    }

    private static double timesOpened(String upstream) throws Exception {
        return Metrics.parse(penstock.getManagement("/metrics").body())
                .sum("penstock_circuit_transitions_total", "upstream", upstream, "scope", "upstream", "to", "open");
    }

    /** Sends that many requests from each of so many applications at once; how many there were. */
    private static int load(String route, int applications, int each) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(applications);
        try {
            List<Future<Integer>> results = new ArrayList<>();
            for (int i = 0; i < applications; i++) {
                results.add(threads.submit(() -> {
                    int sent = 0;
                    for (int k = 0; k < each; k++) {
                        ask(route, "gpt-5");
                        sent++;
                    }
                    return sent;
                }));
            }
            int all = 0;
            for (Future<Integer> result : results) {
                all += result.get(120, TimeUnit.SECONDS);
            }
            return all;
        } finally {
            threads.shutdownNow();
        }
    }

    private static RawAnswer ask(String route, String model) throws IOException {
        try (RawClient client = penstock.connect()) {
            return client.post("/" + route + "/v1/chat/completions", "{\"model\":\"" + model + "\",\"messages\":[]}")
                    .read();
        }
    }

    private static HttpResponse<String> post(String path, String header, String value)
            throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(penstock.baseUrl() + "/penstock/v1" + path))
                                .header(header, value)
                                .POST(HttpRequest.BodyPublishers.noBody())
                                .timeout(PATIENCE)
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
    }

    private static List<String> states(String name) throws IOException, InterruptedException {
        List<String> states = new ArrayList<>();
        for (JsonNode upstream : new Admin(penstock).get("/upstreams").path("upstreams")) {
            if (upstream.path("name").asText().equals(name)) {
                upstream.path("circuits")
                        .forEach(circuit -> states.add(circuit.path("scope").asText() + " "
                                + circuit.path("state").asText()));
            }
        }
        return states;
    }

    private static Metrics metrics() throws IOException, InterruptedException {
        return Metrics.parse(penstock.getManagement("/metrics").body());
    }
}
