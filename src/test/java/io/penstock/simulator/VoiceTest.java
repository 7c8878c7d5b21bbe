package io.penstock.simulator;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class VoiceTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final String STREAM = "{\"model\":\"m-1\",\"stream\":true}";
    private static final String WHOLE = "{\"model\":\"m-1\"}";

    private static Vertx vertx;
    private static Simulator simulator;

    @BeforeAll
    static void start() {
        vertx = Vertx.vertx();
        simulator = Simulator.start(vertx);
    }

    @AfterAll
    static void stop() {
        simulator.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @BeforeEach
    void forget() {
        simulator.forget();
    }

    static Stream<Arguments> streams() {
        return Stream.of(
                Arguments.of(Voice.openAiChat(), "/v1/chat/completions", STREAM, "data: [DONE]\n\n"),
                Arguments.of(Voice.openAiResponses(), "/v1/responses", STREAM, "}}\n\n"),
                Arguments.of(
                        Voice.anthropic(),
                        "/v1/messages",
                        STREAM,
                        "event: message_stop\ndata: {\"type\":\"message_stop\"     }\n\n"),
                Arguments.of(Voice.gemini(), "/v1beta/models/m-1:streamGenerateContent?alt=sse", "{}", "}\r\n\r\n"));
    }

    @ParameterizedTest
    @MethodSource("streams")
    void streamsFramesOfJsonUpToTheTerminalMarker(Voice voice, String path, String request, String end) {
        simulator.always(voice.says("Hel", "\"lö\"\n"));

        HttpResponse<String> answer = post(path, request);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("content-type"))
                .hasValueSatisfying(t -> assertThat(t).startsWith("text/event-stream"));
        assertThat(answer.body()).endsWith(end).contains("Hel", "\\\"lö\\\"\\n", "m-1");
        assertThat(frames(answer.body())).hasSizeGreaterThan(2);
    }

    @ParameterizedTest
    @MethodSource("streams")
    void tricklesTheSameBytesAsItStreams(Voice voice, String path, String request, String end) {
        simulator.always(voice.trickles(7, Duration.ZERO, "Hel", "lö"));

        assertThat(post(path, request).body()).endsWith(end).contains("lö");
    }

    @ParameterizedTest
    @MethodSource("streams")
    void reportsAnOverloadInsideAStreamBeforeContent(Voice voice, String path, String request, String end) {
        simulator.always(voice.overloadedBeforeContent());

        String body = post(path, request).body();

        assertThat(body.toLowerCase(Locale.ROOT)).contains("overloaded");
        assertThat(body).doesNotContain("text\":\"H", "[DONE]", "message_stop");
        assertThat(frames(body)).isNotEmpty();
    }

    @ParameterizedTest
    @MethodSource("streams")
    void reportsAnOverloadInsideAStreamAfterContent(Voice voice, String path, String request, String end) {
        simulator.always(voice.overloadedAfterContent("Hel"));

        String body = post(path, request).body();

        assertThat(body.indexOf("Hel")).isPositive().isLessThan(body.lastIndexOf("verloaded"));
        assertThat(frames(body)).isNotEmpty();
    }

    @ParameterizedTest
    @MethodSource("streams")
    void endsWithoutTheTerminalMarkerWhenTold(Voice voice, String path, String request, String end) {
        simulator.always(voice.endsWithoutMarker("Hel"));

        assertThat(post(path, request).body()).contains("Hel").doesNotContain("[DONE]", "message_stop", "STOP");
    }

    @ParameterizedTest
    @MethodSource("streams")
    void refusesInJsonWithItsHeaders(Voice voice, String path, String request, String end) throws IOException {
        simulator.enqueue(
                voice.badRequest(),
                voice.badKey(),
                voice.rateLimited(Duration.ofMillis(1_500)),
                voice.outOfMoney(),
                voice.serverError(),
                voice.overloaded());

        for (int i = 0; i < 6; i++) {
            HttpResponse<String> answer = post(path, request);
            assertThat(answer.statusCode()).isGreaterThanOrEqualTo(400);
            assertThat(JSON.readTree(answer.body())
                            .path("error")
                            .path("message")
                            .asText())
                    .isNotBlank();
        }
    }

    @Test
    void saysHowLongToWait() {
        simulator.enqueue(
                Voice.openAiChat().rateLimited(Duration.ofMillis(1_500)),
                Voice.anthropic().rateLimited(Duration.ofSeconds(7)),
                Voice.gemini().rateLimited(Duration.ofSeconds(7)));

        assertThat(post("/", WHOLE).headers().firstValue("retry-after")).contains("2");
        assertThat(post("/", WHOLE).headers().firstValue("retry-after")).contains("7");
        assertThat(post("/", WHOLE).body()).contains("\"retryDelay\":\"7s\"");
    }

    @Test
    void growsAGeminiArrayWithoutAltSse() throws IOException {
        simulator.always(Voice.gemini().says("Hel", "lo"));

        HttpResponse<String> answer = post("/v1beta/models/m-1:streamGenerateContent", "{}");

        JsonNode array = JSON.readTree(answer.body());
        assertThat(array.isArray()).isTrue();
        assertThat(array).hasSize(3);
        assertThat(array.get(2).path("candidates").path(0).path("finishReason").asText())
                .isEqualTo("STOP");
    }

    @Test
    void addsUsageToAChatStreamOnlyWhenAsked() {
        assertThat(post("/v1/chat/completions", STREAM).body()).doesNotContain("\"usage\"");
        assertThat(post("/v1/chat/completions", "{\"stream\":true,\"stream_options\":{\"include_usage\":true}}")
                        .body())
                .contains("\"usage\":{\"prompt_tokens\":12");
    }

    @ParameterizedTest
    @CsvSource({
        "/base/v1/chat/completions, /choices/0/message/content, 'The gate is open.'",
        "/v1/chat/completions, /model, m-1",
        "/v1/responses, /output/0/content/0/text, 'The gate is open.'",
        "/v1/responses, /model, m-1",
        "/v1/messages, /content/0/text, 'The gate is open.'",
        "/v1/messages, /model, m-1",
        "/v1/messages/count_tokens, /input_tokens, 12",
        "/v1beta/models/g-1:generateContent, /candidates/0/content/parts/0/text, 'The gate is open.'",
        "/v1beta/models/g-1:generateContent, /modelVersion, g-1",
        "/v1beta/models/g-1:countTokens, /totalTokens, 12",
        "/v1beta/models/g-1:embedContent, /embedding/values/0, 0.25",
        "/v1/embeddings, /data/0/embedding/1, -0.5",
        "/v1/models, /data/0/id, gpt-5",
        "/v1beta/models, /models/0/name, models/gemini-2.5-flash",
        "/v1/nowhere, /error/type, invalid_request_error",
    })
    void isAHealthyProviderOfEveryDialectWithoutAScript(String path, String pointer, String expected)
            throws IOException {
        assertThat(JSON.readTree(post(path, WHOLE).body()).at(pointer).asText()).isEqualTo(expected);
    }

    @Test
    void carriesRequestIds() {
        assertThat(post("/v1/chat/completions", WHOLE).headers().firstValue("x-request-id"))
                .isPresent();
        assertThat(post("/v1/messages", WHOLE).headers().firstValue("request-id"))
                .isPresent();
    }

    private static List<JsonNode> frames(String body) {
        return body.lines()
                .filter(line -> line.startsWith("data: ") && !line.equals("data: [DONE]"))
                .map(line -> {
                    try {
                        return JSON.readTree(line.substring("data: ".length()));
                    } catch (IOException e) {
                        throw new UncheckedIOException(line, e);
                    }
                })
                .toList();
    }

    private static HttpResponse<String> post(String path, String body) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(simulator.baseUrl() + path))
                .timeout(Duration.ofSeconds(10))
                .POST(BodyPublishers.ofString(body))
                .build();
        try {
            return CLIENT.send(request, BodyHandlers.ofString(UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
