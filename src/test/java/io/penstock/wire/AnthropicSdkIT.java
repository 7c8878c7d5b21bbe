package io.penstock.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.core.http.StreamResponse;
import com.anthropic.errors.AnthropicServiceException;
import com.anthropic.errors.BadRequestException;
import com.anthropic.errors.InternalServerException;
import com.anthropic.models.messages.Message;
import com.anthropic.models.messages.MessageCreateParams;
import com.anthropic.models.messages.RawMessageStreamEvent;
import io.penstock.simulator.Headers;
import io.penstock.simulator.Script;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Anthropic's own Java SDK, with nothing but its base URL changed. */
class AnthropicSdkIT extends WithRig {
    private static final String TOO_LONG = """
            {"type": "error", "error": {"type": "invalid_request_error",
            "message": "prompt is too long: 205000 tokens > 200000 maximum"}, "request_id": "req_from_provider"}""";

    @Test
    void completesABlockingCall() {
        rig.provider().always(Script.json(200, """
                                {"id": "msg_1", "type": "message", "role": "assistant", "model": "claude-sonnet-4-5",
                                "content": [{"type": "text", "text": "Hello there", "citations": null}],
                                "stop_reason": "end_turn", "stop_sequence": null,
                                "usage": {"input_tokens": 9, "output_tokens": 2}}"""));

        Message answer = client("/anthropic", 0).messages().create(hello());

        assertThat(answer.content().get(0).asText().text()).isEqualTo("Hello there");
        assertThat(rig.provider().exchanges()).singleElement().satisfies(exchange -> {
            assertThat(exchange.path()).isEqualTo("/v1/messages");
            assertThat(exchange.headers().all("authorization")).containsExactly("Bearer sk-ant-test");
            assertThat(exchange.headers().all("anthropic-version")).hasSize(1);
        });
    }

    @Test
    void completesAStreamingCall() {
        rig.provider()
                .always(Script.begin()
                        .head(200, Headers.of("content-type", "text/event-stream; charset=utf-8"))
                        .frames(
                                List.of(
                                        event(
                                                "message_start",
                                                "\"message\":{\"id\":\"msg_1\",\"type\":\"message\","
                                                        + "\"role\":\"assistant\",\"model\":\"claude-sonnet-4-5\","
                                                        + "\"content\":[],\"stop_reason\":null,\"stop_sequence\":null,"
                                                        + "\"usage\":{\"input_tokens\":9,\"output_tokens\":1}}"),
                                        event(
                                                "content_block_start",
                                                "\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}"),
                                        event("ping", ""),
                                        text("Hello "),
                                        text("there"),
                                        event("content_block_stop", "\"index\":0"),
                                        event(
                                                "message_delta",
                                                "\"delta\":{\"stop_reason\":\"end_turn\",\"stop_sequence\":null},"
                                                        + "\"usage\":{\"output_tokens\":2}"),
                                        event("message_stop", "")),
                                Duration.ofMillis(5))
                        .end());

        try (StreamResponse<RawMessageStreamEvent> events =
                client("/anthropic", 0).messages().createStreaming(hello())) {
            String text = events.stream()
                    .flatMap(event -> event.contentBlockDelta().stream())
                    .flatMap(event -> event.delta().text().stream())
                    .map(delta -> delta.text())
                    .collect(Collectors.joining());

            assertThat(text).isEqualTo("Hello there");
        }
    }

    @Test
    void showsTheProvidersOwnErrorOfABlockingCall() {
        rig.provider().always(tooLong());

        assertShown(catchThrowableOfType(
                BadRequestException.class,
                () -> client("/anthropic", 0).messages().create(hello())));
    }

    @Test
    void showsTheProvidersOwnErrorOfAStreamingCall() {
        rig.provider().always(tooLong());

        assertShown(catchThrowableOfType(BadRequestException.class, () -> client("/anthropic", 0)
                .messages()
                .createStreaming(hello())
                .close()));
    }

    @Test
    void doesNotMultiplyRetries() {
        rig.provider()
                .always(Script.json(
                        529,
                        "{\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}}"));

        AnthropicServiceException failure = catchThrowableOfType(
                InternalServerException.class,
                () -> client("/anthropic-retrying", 2).messages().create(hello()));

        assertThat(failure.statusCode()).isEqualTo(529);
        assertThat(failure.headers().values("x-penstock-category")).containsExactly("overloaded");
        assertThat(failure.headers().values("x-should-retry")).containsExactly("false");
        assertThat(rig.provider().exchanges())
                .as("calls, of which the second is Penstock's")
                .hasSize(2);
    }

    private static Script tooLong() {
        return Script.answer(
                400, Headers.of("content-type", "application/json", "request-id", "req_from_provider"), TOO_LONG);
    }

    private static void assertShown(BadRequestException failure) {
        assertThat(failure.statusCode()).isEqualTo(400);
        assertThat(failure.body().toString()).contains("205000 tokens > 200000 maximum");
        assertThat(failure.headers().values("request-id")).containsExactly("req_from_provider");
        assertThat(failure.headers().values("x-penstock-error-type")).containsExactly("bad_request");
    }

    private static String event(String type, String fields) {
        return "event: %1$s\ndata: {\"type\":\"%1$s\"%2$s}\n\n".formatted(type, fields.isEmpty() ? "" : "," + fields);
    }

    private static String text(String text) {
        return event(
                "content_block_delta",
                "\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"%s\"}".formatted(text));
    }

    private static AnthropicClient client(String route, int maxRetries) {
        return AnthropicOkHttpClient.builder()
                .apiKey("sk-ant-test")
                .maxRetries(maxRetries)
                .baseUrl(rig.penstock().baseUrl() + route)
                .build();
    }

    private static MessageCreateParams hello() {
        return MessageCreateParams.builder()
                .model("claude-sonnet-4-5")
                .maxTokens(100)
                .addUserMessage("Hello")
                .build();
    }
}
