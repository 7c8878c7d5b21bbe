package io.penstock.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.penstock.simulator.Simulator;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code penstock.soak.interceptions} on the packaged program, over real sockets, while providers fail in every way and
 * applications leave: afterwards nothing is left over, every circuit and key is back, and requests, records and metrics
 * are as many.
 */
class FaultSoakIT {
    private static final int INTERCEPTIONS = Integer.getInteger("penstock.soak.interceptions", 2_000);
    /** Fewer than the admin API shows on a page. */
    private static final int ROUND = 800;

    private static final int PAGE = 1_000;

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int AT_A_TIME = 96;
    private static final String POLICY = """
            routes:
              - {name: openai, dialect: openai, deadline: 4s, upstreams: [{name: dead}, {name: keyed}, {name: plain}]}
              - {name: anthropic, dialect: anthropic, deadline: 4s, upstreams: [{name: claude-keyed}, {name: claude}]}
              - {name: gemini, dialect: gemini, deadline: 4s, upstreams: [{name: gemini}, {name: gemini-too}]}
            upstreams:
              - {name: dead, url: "http://127.0.0.1:%2$d", dialect: openai, credentialGroup: g, %3$s}
              - {name: keyed, url: "%1$s", dialect: openai, credentials: [{env: K1}, {env: K2}, {env: K3}], %4$s, %3$s}
              - {name: plain, url: "%1$s", dialect: openai, credentialGroup: g, %3$s}
              - {name: claude-keyed, url: "%1$s", dialect: anthropic, credentials: [{env: K1}, {env: K2}], %4$s, %3$s}
              - {name: claude, url: "%1$s", dialect: anthropic, %3$s}
              - {name: gemini, url: "%1$s", dialect: gemini, credentialGroup: g, %3$s}
              - {name: gemini-too, url: "%1$s", dialect: gemini, credentialGroup: g, %3$s}
            records: {store: memory, capacity: 5000}
            """;
    private static final String SETTINGS = "timeouts: {connect: 5s, firstContent: 2s, idle: 1s}, "
            + "circuit: {window: 20, failureRatio: 0.7, openFor: 200ms, probes: 2}, "
            + "limits: {connections: 300, pending: 300}";
    /**
     * What Vert.x 4 logs where a connection is reset while the head of its last answer is on its way to another event loop:
     * the call has failed by then, as the records tell.
     */
    private static final String HEAD_CAME_LATE = "Vert.x: java.lang.IllegalStateException: Result is already complete";

    /** Vert.x watches the clock: on a machine without a free core it takes a thread that waits for one for blocked. */
    private static final String STARVED = "VertxException: Thread blocked";

    private static final List<String> ALARMING =
            List.of("failed inside Penstock", "LEAK", "Exception", "OutOfMemoryError");
    private static final String KEY_REST = "keyRest: {rateLimited: 200ms, rejected: 300ms, exhausted: 400ms}";

    /** What applications ask for: the path, and the body of a blocking request. */
    private static final List<Map.Entry<String, String>> ASKED = List.of(
            Map.entry("/openai/v1/chat/completions", "{\"model\":\"gpt-5\",\"messages\":[]}"),
            Map.entry("/openai/v1/responses", "{\"model\":\"gpt-5\",\"input\":\"Hi\"}"),
            Map.entry("/anthropic/v1/messages", "{\"model\":\"claude\",\"max_tokens\":9,\"messages\":[]}"),
            Map.entry("/gemini/v1beta/models/gemini-3:streamGenerateContent?alt=sse", "{\"contents\":[]}"),
            Map.entry("/gemini/v1beta/models/gemini-3:generateContent", "{\"contents\":[]}"));

    private final long seed = Long.getLong("penstock.soak.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final Vertx vertx = Vertx.vertx();
    private final SoakProviders behaviour = new SoakProviders(seed);
    private final Simulator provider = Simulator.start(vertx).always(behaviour);
    private final HttpClient client =
            vertx.createHttpClient(new HttpClientOptions(), new PoolOptions().setHttp1MaxSize(2 * AT_A_TIME));
    private final Path directory;
    private final int deadPort;
    /** The interceptions whose answers said which they are. */
    private final Set<String> told = ConcurrentHashMap.newKeySet();

    private final Set<String> recorded = new HashSet<>();
    private int sent;
    /** Those who may have left before Penstock saw their request, which then is no interception. */
    private final AtomicInteger leavers = new AtomicInteger();

    private final Tally records = new Tally();
    private PenstockProcess penstock;

    /** What the records tell. */
    private static final class Tally {
        private int attempts;
        private int successes;
        private int errors;
        private int canceled;
    }

    FaultSoakIT(@TempDir Path directory) throws IOException {
        this.directory = directory;
        this.deadPort = PenstockProcess.freePort();
    }

    @BeforeEach
    void start() throws IOException {
        Path policy = Files.writeString(
                directory.resolve("penstock.yaml"), POLICY.formatted(provider.baseUrl(), deadPort, SETTINGS, KEY_REST));
        penstock = PenstockProcess.serve(Map.of(
                "PENSTOCK_POLICY", policy.toString(),
                "K1", "sk-soak-number-one",
                "K2", "sk-soak-number-two",
                "K3", "sk-soak-number-three"));
    }

    @AfterEach
    void stop() throws Exception {
        penstock.close();
        provider.close();
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    @Test
    void nothingIsLeftOverAndEverythingAddsUp() throws Exception {
        System.out.println("FaultSoakIT: -Dpenstock.soak.seed=" + seed);
        while (sent < INTERCEPTIONS) {
            round(Math.min(ROUND, INTERCEPTIONS - sent));
        }

        System.out.printf(
                "FaultSoakIT: %d interceptions, %d successes, %d errors, %d canceled, %d attempts, %d faults of %d kinds%n",
                recorded.size(),
                records.successes,
                records.errors,
                records.canceled,
                records.attempts,
                behaviour.injected().values().stream()
                        .mapToInt(AtomicInteger::get)
                        .sum(),
                behaviour.injected().size());
        assertEverythingAddsUp();
        assertThat(behaviour.injected()).as("kinds of faults").hasSize(SoakProviders.kinds());
        assertThat(records.successes).isGreaterThan(INTERCEPTIONS / 4);
        assertThat(records.errors).isGreaterThan(INTERCEPTIONS / 50);
        assertThat(records.canceled).isGreaterThan(INTERCEPTIONS / 200);
        assertThat(penstock.output().stream()
                        .filter(line -> ALARMING.stream().anyMatch(line::contains))
                        .filter(line -> !line.contains(HEAD_CAME_LATE) && !line.contains(STARVED))
                        .limit(5))
                .isEmpty();

        behaviour.recover();
        Simulator revived = Simulator.start(vertx, new Simulator.Options("127.0.0.1", deadPort, null, true))
                .always(behaviour);
        try {
            long patience = System.nanoTime() + PATIENCE.toNanos();
            do {
                round(60);
            } while (!recovered(metrics()) && System.nanoTime() < patience);
            assertThat(recovered(metrics())).as("circuits closed, keys ready").isTrue();
            assertThat(revived.exchanges()).isNotEmpty();
            assertEverythingAddsUp();
        } finally {
            revived.close();
        }
    }

    private static boolean recovered(Metrics metrics) {
        return metrics.sum("penstock_circuit_state") == 0 && metrics.sum("penstock_key_state", "state", "ready") == 5;
    }

    private void assertEverythingAddsUp() throws Exception {
        await("exchanges closed").atMost(PATIENCE).until(() -> provider.openExchanges() == 0);
        Metrics metrics = metrics();
        assertThat(metrics.sum("penstock_in_flight")).isZero();
        assertThat(metrics.sum("penstock_open_streams")).isZero();
        assertThat(metrics.sum("penstock_records_dropped_total")).isZero();
        assertThat(recorded).containsAll(told);
        assertThat(metrics.sum("penstock_interceptions_total")).isEqualTo(recorded.size());
        assertThat(metrics.sum("penstock_interception_duration_seconds_count")).isEqualTo(recorded.size());
        assertThat(metrics.sum("penstock_interceptions_total", "outcome", "success"))
                .isEqualTo(records.successes);
        assertThat(metrics.sum("penstock_interceptions_total", "outcome", "canceled"))
                .isEqualTo(records.canceled);
        assertThat(metrics.sum("penstock_errors_total")).isEqualTo(records.errors);
        assertThat(metrics.sum("penstock_attempts_total")).isEqualTo(records.attempts);
        for (JsonNode upstream : new Admin(penstock).get("/upstreams").path("upstreams")) {
            assertThat(upstream.path("in_flight").asInt())
                    .as("calls to %s", upstream.path("name"))
                    .isZero();
        }
    }

    /** Sends that many requests, waits for all of them to end, and reads their records. */
    private void round(int requests) throws Exception {
        Semaphore places = new Semaphore(AT_A_TIME);
        for (int i = 0; i < requests; i++) {
            assertThat(places.tryAcquire(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .as("room for one more")
                    .isTrue();
            ask().onComplete(over -> places.release());
        }
        assertThat(places.tryAcquire(AT_A_TIME, PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .as("all ended")
                .isTrue();
        sent += requests;
        int least = sent - leavers.get() - recorded.size();
        JsonNode page = await("records")
                .atMost(PATIENCE)
                .until(() -> complete(least), Optional::isPresent)
                .orElseThrow();
        for (JsonNode record : page) {
            if (!recorded.add(record.path("id").asText())) {
                continue;
            }
            records.attempts += record.path("attempts").size();
            switch (record.path("outcome").asText()) {
                case "success" -> records.successes++;
                case "error" -> records.errors++;
                default -> records.canceled++;
            }
        }
        assertThat(recorded).hasSizeLessThanOrEqualTo(sent);
    }

    /** The newest records, once as many have come as were sent at least and nothing is under way. */
    private Optional<JsonNode> complete(int least) throws IOException, InterruptedException {
        JsonNode newest =
                new Admin(penstock).get("/interceptions?limit=" + PAGE).path("interceptions");
        int unknown = unknown(newest);
        Metrics metrics = metrics();
        return unknown >= least
                        && metrics.sum("penstock_in_flight") == 0
                        && metrics.sum("penstock_interceptions_total") == recorded.size() + unknown
                ? Optional.of(newest)
                : Optional.empty();
    }

    private int unknown(JsonNode page) {
        Set<String> ids = new HashSet<>();
        page.forEach(record -> ids.add(record.path("id").asText()));
        ids.removeAll(recorded);
        return ids.size();
    }

    /** One request, whose end is the end of its answer, however that ends. */
    private Future<Void> ask() {
        Map.Entry<String, String> asked = ASKED.get(random.nextInt(ASKED.size()));
        boolean streaming = random.nextInt(4) > 0 && !asked.getKey().contains("gemini");
        String body = streaming ? asked.getValue().replaceFirst("}$", ",\"stream\":true}") : asked.getValue();
        int whim = random.nextInt(20);
        int later = 60 + random.nextInt(200);
        return client.request(HttpMethod.POST, penstock.port(), "127.0.0.1", asked.getKey())
                .compose(request -> {
                    request.putHeader("content-type", "application/json");
                    if (whim == 0) {
                        leavers.incrementAndGet();
                        vertx.setTimer(later, x -> request.reset());
                    }
                    return request.send(body);
                })
                .compose(answer -> read(answer, whim))
                .<Void>mapEmpty()
                .otherwiseEmpty();
    }

    private Future<Buffer> read(HttpClientResponse answer, int whim) {
        told.add(String.valueOf(answer.getHeader("x-penstock-id")));
        HttpClientRequest request = answer.request();
        if (whim == 1) {
            return request.reset() ? Future.failedFuture("left") : answer.body();
        }
        if (whim == 2) {
            // Reads nothing for a while.
            answer.pause();
            vertx.setTimer(200, x -> answer.resume());
        }
        return answer.body();
    }

    private Metrics metrics() throws IOException, InterruptedException {
        return Metrics.parse(penstock.getManagement("/metrics").body());
    }
}
