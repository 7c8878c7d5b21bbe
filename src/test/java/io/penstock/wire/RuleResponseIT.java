package io.penstock.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.penstock.simulator.Headers;
import io.penstock.simulator.Script;
import io.penstock.simulator.Simulator;
import io.vertx.core.Vertx;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A rule that answers in the provider's place, on the packaged program. */
class RuleResponseIT {
    private static final String GONE = "{\"error\":{\"message\":\"Partner budget used up.\",\"code\":\"p7\"}}";
    private static final String OVERLOADED =
            "data: {\"error\":{\"message\":\"The partner's engine sleeps\",\"code\":\"zzz\"}}\n\n";

    private final Vertx vertx = Vertx.vertx();
    private final Simulator provider = Simulator.start(vertx);
    private final Path directory;
    private PenstockProcess penstock;

    RuleResponseIT(@TempDir Path directory) {
        this.directory = directory;
    }

    @BeforeEach
    void start() throws IOException {
        String policy = Rig.policy(provider.baseUrl()) + """
                rules:
                  - id: partner-budget
                    match: contains
                    pattern: partner budget used up
                    category: quota_exhausted
                    response: {status: 429, message: "The day's budget is gone"}
                    examples: {matches: [Partner budget used up.]}
                  - id: partner-sleeps
                    match: exact
                    field: code
                    pattern: zzz
                    category: overloaded
                    response: {body: '{"error":{"message":"Come back at nine"}}'}
                    examples: {matches: [zzz]}
                """;
        penstock = PenstockProcess.serve(Files.writeString(directory.resolve("penstock.yaml"), policy));
    }

    @AfterEach
    void stop() throws Exception {
        penstock.close();
        provider.close();
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/openai/v1/chat/completions",
                "/anthropic/v1/messages",
                "/gemini/v1beta/models/gemini-pro:generateContent"
            })
    void answersInPlaceOfAPackedErrorAndRecordsTheRealOne(String path) throws IOException, InterruptedException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(GONE.getBytes(StandardCharsets.UTF_8));
        }
        provider.always(Script.answer(
                402,
                Headers.of("content-type", "application/json", "content-encoding", "gzip", "x-request-id", "req-1"),
                packed.toByteArray()));

        RawAnswer answer = ask(path, "{\"model\":\"m\",\"messages\":[]}");

        assertThat(answer.status()).isEqualTo(429);
        assertThat(answer.header("content-encoding")).isNull();
        assertThat(answer.header("content-length")).isEqualTo(Integer.toString(answer.body().length));
        assertThat(answer.header("x-request-id")).isEqualTo("req-1");
        assertThat(answer.header("x-penstock-category")).isEqualTo("quota_exhausted");
        assertThat(answer.json().path("error").path("message").asText()).isEqualTo("The day's budget is gone");
        JsonNode record = new Admin(penstock).recordOf(answer);
        assertThat(record.path("rule").asText()).isEqualTo("partner-budget");
        assertThat(record.path("http_status").asInt()).isEqualTo(429);
        assertThat(record.path("error_message").asText()).isEqualTo("Partner budget used up.");
        assertThat(record.path("attempts").path(0).path("status").asInt()).isEqualTo(402);
    }

    @Test
    void answersInPlaceOfAStreamThatFailedBeforeItsContent() throws IOException {
        provider.always(Script.answer(200, Headers.of("content-type", "text/event-stream"), OVERLOADED));

        RawAnswer answer = ask("/openai/v1/chat/completions", "{\"model\":\"m\",\"stream\":true,\"messages\":[]}");

        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.header("content-type")).isEqualTo("application/json");
        assertThat(answer.text()).isEqualTo("{\"error\":{\"message\":\"Come back at nine\"}}");
    }

    private RawAnswer ask(String path, String body) throws IOException {
        try (RawClient client = penstock.connect()) {
            return client.post(path, body, "Content-Type: application/json").read();
        }
    }
}
