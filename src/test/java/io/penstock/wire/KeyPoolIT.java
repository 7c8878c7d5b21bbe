package io.penstock.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.models.messages.MessageCreateParams;
import com.fasterxml.jackson.databind.JsonNode;
import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.errors.InternalServerException;
import com.openai.errors.OpenAIServiceException;
import com.openai.errors.RateLimitException;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import io.penstock.simulator.Exchange;
import io.penstock.simulator.Headers;
import io.penstock.simulator.Script;
import io.penstock.simulator.Simulator;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Penstock's own keys, on the packaged program: from the environment and from files, good ones and bad ones. */
class KeyPoolIT {
    private static final String BODY = "{\"model\":\"gpt-5\",\"messages\":[]}";
    private static final String FIRST = "sk-first-0123456789-aaaa";
    private static final String SECOND = "sk-second-0123456789-bbbb";
    private static final String THIRD = "sk-third-0123456789-cccc";
    private static final String FRESH = "sk-fresh-0123456789-dddd";
    private static final String POLICY = """
            routes:
              - {name: openai, dialect: openai, upstreams: [{name: pooled}]}
              - {name: anthropic, dialect: anthropic, upstreams: [{name: claude}]}
            upstreams:
              - name: pooled
                url: %1$s
                dialect: openai
                credentials: [{file: first}, {env: SECOND_KEY}, {file: third}]
                keyRest: {rateLimited: 1h, rejected: 1h, exhausted: 1h}
                retry: {attempts: 0}
                timeouts: {connect: 20s}
                circuit: {window: 10000, failureRatio: 1.0}
              - name: claude
                url: %1$s
                dialect: anthropic
                credentials: [{file: first}]
                retry: {attempts: 0}
                timeouts: {connect: 20s}
            """;

    private final Vertx vertx = Vertx.vertx();
    private final Simulator provider = Simulator.start(vertx);
    private final Path directory;
    private PenstockProcess penstock;

    KeyPoolIT(@TempDir Path directory) {
        this.directory = directory;
    }

    @BeforeEach
    void start() throws IOException {
        Files.writeString(directory.resolve("first"), FIRST + "\n");
        Files.writeString(directory.resolve("third"), THIRD);
        Path policy = Files.writeString(directory.resolve("penstock.yaml"), POLICY.formatted(provider.baseUrl()));
        penstock = PenstockProcess.serve(Map.of(
                "PENSTOCK_POLICY", policy.toString(), "PENSTOCK_POLICY_POLL_INTERVAL", "100ms", "SECOND_KEY", SECOND));
    }

    @AfterEach
    void stop() throws Exception {
        try {
            assertThat(penstock.stop()).isIn(0, 143);
            assertThat(penstock.output()).noneMatch(line -> line.contains("0123456789"));
        } finally {
            penstock.close();
            provider.close();
            vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
        }
    }

    @Test
    void usesAnotherKeyWhenOneIsRejectedAndTheNewOneWhenItsFileIsReplaced() throws Exception {
        Set<String> bad = ConcurrentHashMap.newKeySet();
        bad.add(FIRST);
        provider.when(
                exchange -> bad.contains(key(exchange)), Script.json(401, error("invalid_api_key", "No: " + FIRST)));

        for (int i = 0; i < 6; i++) {
            assertThat(ask().status()).isEqualTo(200);
        }

        assertThat(used()).containsExactly(FIRST, SECOND, THIRD, SECOND, THIRD, SECOND, THIRD);
        assertThat(state("sk-f…aaaa")).isEqualTo("rejected");
        assertThat(keys().findValuesAsText("reference").toString()).doesNotContain("0123456789");
        assertThat(metrics().sum("penstock_key_state", "upstream", "pooled", "state", "rejected"))
                .isEqualTo(1);
        assertThat(metrics().sum("penstock_key_state", "upstream", "pooled", "state", "ready"))
                .isEqualTo(2);
        assertThat(metrics().sum("penstock_key_rotations_total", "upstream", "pooled", "category", "auth_error"))
                .isEqualTo(1);

        Files.writeString(directory.resolve("first"), FRESH);
        await("the new key").atMost(Duration.ofSeconds(20)).until(() -> "ready".equals(state("sk-f…dddd")));
        provider.forget();
        for (int i = 0; i < 3; i++) {
            assertThat(ask().status()).isEqualTo(200);
        }

        assertThat(used()).containsExactlyInAnyOrder(FRESH, SECOND, THIRD);
    }

    @Test
    void showsTheSdkAMaskedErrorOfItsOwnKindAndRecordsTheRealOne() throws Exception {
        provider.always(Script.json(401, error("invalid_api_key", "Incorrect API key provided: sk-fi***aaaa")));

        InternalServerException refused = catchThrowableOfType(
                InternalServerException.class, () -> sdk().chat().completions().create(chat()));

        assertThat(refused.statusCode()).isEqualTo(502);
        assertMasked(refused, "server_error");
        JsonNode record = new Admin(penstock)
                .record(refused.headers().values("x-penstock-id").get(0));
        assertThat(record.path("error_type").asText()).isEqualTo("unauthorized");
        assertThat(record.path("error_category").asText()).isEqualTo("auth_error");
        assertThat(record.path("provider_code").asText()).isEqualTo("invalid_api_key");
        assertThat(record.path("error_message").asText()).startsWith("Incorrect API key provided");
        assertThat(record.path("attempts").findValuesAsText("key_hint"))
                .containsExactlyInAnyOrder("sk-f…aaaa", "sk-s…bbbb", "sk-t…cccc");
        assertThat(provider.exchanges()).as("an SDK that retries").hasSize(3);
    }

    @Test
    void tellsTheSdkHowLongToWaitWhenAllKeysAreRateLimited() {
        AtomicInteger seconds = new AtomicInteger(20);
        provider.always(exchange -> Script.answer(
                        429,
                        Headers.of("content-type", "application/json", "retry-after", "" + seconds.getAndAdd(10)),
                        error("rate_limit_exceeded", "Rate limit reached for org-secret"))
                .answer(exchange));

        RateLimitException limited = catchThrowableOfType(
                RateLimitException.class, () -> sdk(0).chat().completions().create(chat()));

        assertThat(Integer.parseInt(limited.headers().values("retry-after").get(0)))
                .isBetween(15, 20);
        assertMasked(limited, "rate_limit_exceeded");
        assertThat(provider.exchanges()).hasSize(3);
        assertThat(catchThrowableOfType(
                        RateLimitException.class,
                        () -> sdk(0).chat().completions().create(chat())))
                .isNotNull();
        assertThat(provider.exchanges()).as("keys that are known to rest").hasSize(3);
    }

    @Test
    void showsAnthropicsSdkItsOwnKindOfErrorToo() {
        provider.always(
                Script.json(
                        429,
                        "{\"type\":\"error\",\"error\":{\"type\":\"rate_limit_error\",\"message\":\"org-secret is limited\"}}"));

        var limited = catchThrowableOfType(
                com.anthropic.errors.RateLimitException.class, () -> AnthropicOkHttpClient.builder()
                        .apiKey("sk-ant-app")
                        .baseUrl(penstock.baseUrl() + "/anthropic")
                        .maxRetries(0)
                        .build()
                        .messages()
                        .create(MessageCreateParams.builder()
                                .model("claude-sonnet-4-5")
                                .maxTokens(10)
                                .addUserMessage("Hi")
                                .build()));

        assertThat(limited.getMessage()).contains("Penstock").doesNotContain("org-secret");
        assertThat(provider.exchanges().get(0).headers().all("x-api-key")).containsExactly(FIRST);
    }

    @Test
    void losesNoneOf64ConcurrentRequestsWhenTwoOfThreeKeysDieMidway() throws Exception {
        AtomicInteger answered = new AtomicInteger();
        Script good = Script.json(
                200,
                "{\"object\":\"chat.completion\",\"choices\":[{\"index\":0,\"message\":"
                        + "{\"role\":\"assistant\",\"content\":\"Hi\"},\"finish_reason\":\"stop\"}]}");
        provider.always(exchange -> {
            boolean dead = answered.incrementAndGet() > 100;
            String key = key(exchange);
            if (dead && key.equals(FIRST)) {
                return Script.json(401, error("invalid_api_key", "No."));
            }
            return dead && key.equals(SECOND) ? Script.json(429, error("insufficient_quota", "Broke.")) : good;
        });
        ExecutorService applications = Executors.newFixedThreadPool(64);
        try {
            List<Future<List<Integer>>> results = new ArrayList<>();
            for (int i = 0; i < 64; i++) {
                results.add(applications.submit(() -> {
                    List<Integer> statuses = new ArrayList<>();
                    for (int k = 0; k < 5; k++) {
                        statuses.add(ask().status());
                    }
                    return statuses;
                }));
            }
            for (Future<List<Integer>> result : results) {
                assertThat(result.get(120, TimeUnit.SECONDS)).containsOnly(200);
            }
        } finally {
            applications.shutdownNow();
        }
        assertThat(state("sk-f…aaaa")).isEqualTo("rejected");
        assertThat(state("sk-s…bbbb")).isEqualTo("exhausted");
        provider.forget();
        for (int i = 0; i < 6; i++) {
            assertThat(ask().status()).isEqualTo(200);
        }
        assertThat(used()).containsOnly(THIRD);
    }

    private void assertMasked(OpenAIServiceException error, String code) {
        assertThat(error.code()).hasValue(code);
        assertThat(error.body().toString()).contains("Penstock").doesNotContain("sk-", "org-", "Incorrect");
    }

    private RawAnswer ask() throws IOException {
        try (RawClient client = penstock.connect()) {
            return client.post("/openai/v1/chat/completions", BODY).read();
        }
    }

    private OpenAIClient sdk() {
        return sdk(2);
    }

    private OpenAIClient sdk(int retries) {
        return OpenAIOkHttpClient.builder()
                .apiKey("sk-the-application-has-none")
                .baseUrl(penstock.baseUrl() + "/openai/v1")
                .maxRetries(retries)
                .build();
    }

    private static ChatCompletionCreateParams chat() {
        return ChatCompletionCreateParams.builder()
                .model("gpt-5")
                .addUserMessage("Hi")
                .build();
    }

    private List<String> used() {
        return provider.exchanges().stream().map(KeyPoolIT::key).toList();
    }

    private static String key(Exchange exchange) {
        return exchange.headers().first("authorization").orElse("").replace("Bearer ", "");
    }

    private JsonNode keys() throws IOException, InterruptedException {
        return new Admin(penstock).get("/keys").path("keys");
    }

    private String state(String hint) throws IOException, InterruptedException {
        for (JsonNode key : keys()) {
            if (key.path("hint").asText().equals(hint)
                    && key.path("upstream").asText().equals("pooled")) {
                return key.path("state").asText();
            }
        }
        return "none";
    }

    private Metrics metrics() throws IOException, InterruptedException {
        return Metrics.parse(penstock.getManagement("/metrics").body());
    }

    private static String error(String code, String message) {
        return "{\"error\":{\"message\":\"" + message + "\",\"type\":\"x\",\"code\":\"" + code + "\"}}";
    }
}
