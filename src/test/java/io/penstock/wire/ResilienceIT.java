package io.penstock.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.penstock.simulator.Headers;
import io.penstock.simulator.Script;
import io.penstock.simulator.Simulator;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the packaged program does about upstreams that fail: another attempt, another upstream, an open circuit. */
class ResilienceIT {
    private static final String BODY = "{\"model\":\"gpt-5\",\"messages\":[]}";
    private static final String POLICY = """
            routes:
              - name: pair
                dialect: openai
                deadline: 5s
                upstreams: [{name: first, priority: 1}, {name: second, priority: 2}]
              - name: alone
                dialect: openai
                upstreams: [{name: fragile}]
            upstreams:
              - {name: first, url: "%1$s", dialect: openai, credentialGroup: g, circuit: {window: 1000}}
              - {name: second, url: "%2$s", dialect: openai, credentialGroup: g, circuit: {window: 1000}}
              - name: fragile
                url: "%1$s"
                dialect: openai
                retry: {attempts: 0}
                circuit: {window: 4, failureRatio: 0.5, openFor: 2s, probes: 1}
            """;

    private static Vertx vertx;
    private static Simulator first;
    private static Simulator second;
    private static PenstockProcess penstock;

    @BeforeAll
    static void start(@TempDir Path directory) throws IOException {
        vertx = Vertx.vertx();
        first = Simulator.start(vertx);
        second = Simulator.start(vertx);
        Path policy = Files.writeString(
                directory.resolve("penstock.yaml"), POLICY.formatted(first.baseUrl(), second.baseUrl()));
        penstock = PenstockProcess.serve(policy);
    }

    @AfterAll
    static void stop() {
        penstock.close();
        first.close();
        second.close();
        vertx.close();
    }

    @AfterEach
    void forget() {
        first.forget();
        second.forget();
    }

    @Test
    void retriesOnceWhenTheProviderFailsOnce() throws IOException {
        first.enqueue(Script.json(500, "{\"error\":{\"message\":\"boom\",\"type\":\"server_error\"}}"));

        RawAnswer answer = ask("/pair/v1/chat/completions");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("x-penstock-upstream")).isEqualTo("first");
        assertThat(answer.header("x-penstock-attempts")).isEqualTo("2");
        assertThat(reasons(answer)).containsExactly("first", "retry");
        assertThat(first.exchanges()).hasSize(2);
        assertThat(first.exchanges()).allSatisfy(e -> assertThat(e.bodyText()).isEqualTo(BODY));
    }

    @Test
    void waitsAsLongAsTheProviderAsked() throws IOException {
        first.enqueue(Script.answer(
                429, Headers.of("content-type", "application/json", "retry-after-ms", "700"), "{\"error\":{}}"));
        long before = System.nanoTime();

        RawAnswer answer = ask("/pair/v1/chat/completions");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThanOrEqualTo(Duration.ofMillis(700));
        assertThat(second.exchanges()).isEmpty();
    }

    @Test
    void failsOverAtOnceWhenTheWaitDoesNotFitTheDeadline() throws IOException {
        first.always(Script.answer(
                429, Headers.of("content-type", "application/json", "retry-after", "60"), "{\"error\":{}}"));
        long before = System.nanoTime();

        RawAnswer answer = ask("/pair/v1/chat/completions");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("x-penstock-upstream")).isEqualTo("second");
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(5));
        assertThat(first.exchanges()).hasSize(1);
    }

    @Test
    void returnsTheCallersMistakeAtOnce() throws IOException {
        String body = "{\"error\":{\"message\":\"bad\",\"type\":\"invalid_request_error\",\"code\":\"invalid_value\"}}";
        first.always(Script.json(400, body));

        RawAnswer answer = ask("/pair/v1/chat/completions");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.text()).isEqualTo(body);
        assertThat(answer.header("x-penstock-error-type")).isEqualTo("bad_request");
        assertThat(first.exchanges()).hasSize(1);
        assertThat(second.exchanges()).isEmpty();
    }

    @Test
    void answersWithTheBestEvidenceWhenAllFail() throws IOException {
        String limited = "{\"error\":{\"message\":\"slow down\",\"code\":\"rate_limit_exceeded\"}}";
        first.always(Script.answer(429, Headers.of("content-type", "application/json", "retry-after", "40"), limited));
        second.always(Script.html(502));

        RawAnswer answer = ask("/pair/v1/chat/completions");

        assertThat(answer.status()).isEqualTo(429);
        assertThat(answer.text()).isEqualTo(limited);
        assertThat(answer.header("retry-after")).isEqualTo("40");
        assertThat(answer.header("x-penstock-category")).isEqualTo("rate_limit");
        assertThat(reasons(answer)).startsWith("first", "failover");
    }

    @Test
    void opensTheCircuitOfAFailingUpstreamAndClosesItWhenItRecovers() throws Exception {
        first.always(Script.json(500, "{\"error\":{\"message\":\"boom\",\"type\":\"server_error\"}}"));
        for (int i = 0; i < 4; i++) {
            assertThat(ask("/alone/v1/chat/completions").status()).isEqualTo(500);
        }
        assertThat(first.exchanges()).hasSize(4);

        RawAnswer refused = ask("/alone/v1/chat/completions");

        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.header("x-penstock-category")).isEqualTo("circuit_open");
        assertThat(refused.header("retry-after")).isIn("1", "2");
        assertThat(first.exchanges()).hasSize(4);
        assertThat(circuit()).isEqualTo("open");
        assertThat(metrics().sum("penstock_circuit_state", "upstream", "fragile", "scope", "upstream"))
                .isEqualTo(2);

        first.forget();
        await("recovery")
                .atMost(Duration.ofSeconds(15))
                .until(() -> ask("/alone/v1/chat/completions").status() == 200);
        assertThat(circuit()).isEqualTo("closed");
        assertThat(metrics().sum("penstock_circuit_state", "upstream", "fragile", "scope", "upstream"))
                .isZero();
        assertThat(metrics()
                        .sum(
                                "penstock_circuit_transitions_total",
                                "upstream",
                                "fragile",
                                "scope",
                                "upstream",
                                "to",
                                "open"))
                .isEqualTo(1);
    }

    private static RawAnswer ask(String path) throws IOException {
        try (RawClient client = penstock.connect()) {
            return client.post(path, BODY).read();
        }
    }

    private static List<String> reasons(RawAnswer answer) {
        JsonNode attempts = new Admin(penstock).recordOf(answer).path("attempts");
        return StreamSupport.stream(attempts.spliterator(), false)
                .map(attempt -> attempt.path("reason").asText())
                .toList();
    }

    private static String circuit() throws IOException, InterruptedException {
        for (JsonNode upstream : new Admin(penstock).get("/upstreams").path("upstreams")) {
            if (upstream.path("name").asText().equals("fragile")) {
                return upstream.path("circuit").asText();
            }
        }
        throw new AssertionError("no upstream named fragile");
    }

    private static Metrics metrics() throws IOException, InterruptedException {
        return Metrics.parse(penstock.getManagement("/metrics").body());
    }
}
