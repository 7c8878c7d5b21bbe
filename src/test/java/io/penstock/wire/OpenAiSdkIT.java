package io.penstock.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.http.StreamResponse;
import com.openai.errors.InternalServerException;
import com.openai.errors.OpenAIServiceException;
import com.openai.errors.RateLimitException;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.responses.Response;
import com.openai.models.responses.ResponseCreateParams;
import io.penstock.simulator.Headers;
import io.penstock.simulator.Script;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** OpenAI's own Java SDK, with nothing but its base URL changed. */
class OpenAiSdkIT extends WithRig {
    private static final String CHUNK =
            "data: {\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"gpt-5\","
                    + "\"choices\":[{\"index\":0,\"delta\":{\"content\":\"%s\"},\"finish_reason\":null}]}\n\n";
    private static final String QUOTA = """
            {"error": {"message": "You exceeded your current quota, please check your plan and billing details.",
            "type": "insufficient_quota", "param": null, "code": "insufficient_quota"}}""";

    @Test
    void completesABlockingCall() {
        rig.provider().always(Script.json(200, """
                                {"id": "chatcmpl-1", "object": "chat.completion", "created": 1, "model": "gpt-5",
                                "choices": [{"index": 0, "finish_reason": "stop",
                                "message": {"role": "assistant", "content": "Hello there", "refusal": null}}],
                                "usage": {"prompt_tokens": 9, "completion_tokens": 2, "total_tokens": 11}}"""));

        ChatCompletion answer = client("/openai", 0).chat().completions().create(chat());

        assertThat(answer.choices().get(0).message().content()).hasValue("Hello there");
        assertThat(answer.usage().orElseThrow().totalTokens()).isEqualTo(11);
        assertThat(rig.provider().exchanges()).singleElement().satisfies(exchange -> {
            assertThat(exchange.path()).isEqualTo("/v1/chat/completions");
            assertThat(exchange.headers().all("authorization")).containsExactly("Bearer sk-test");
        });
    }

    @Test
    void completesAStreamingCall() {
        rig.provider()
                .always(Script.begin()
                        .head(200, Headers.of("content-type", "text/event-stream"))
                        .frames(
                                List.of(
                                        CHUNK.formatted("Hel"),
                                        CHUNK.formatted("lo "),
                                        CHUNK.formatted("there"),
                                        "data: [DONE]\n\n"),
                                Duration.ofMillis(5))
                        .end());

        try (StreamResponse<ChatCompletionChunk> chunks =
                client("/openai", 0).chat().completions().createStreaming(chat())) {
            String text = chunks.stream()
                    .map(chunk -> chunk.choices().get(0).delta().content())
                    .flatMap(Optional::stream)
                    .collect(Collectors.joining());

            assertThat(text).isEqualTo("Hello there");
        }
    }

    @Test
    void completesAResponsesCall() {
        rig.provider().always(Script.json(200, """
                                {"id": "resp_1", "object": "response", "created_at": 1, "status": "completed",
                                "model": "gpt-5", "error": null, "incomplete_details": null, "instructions": null,
                                "metadata": {}, "parallel_tool_calls": true, "temperature": 1, "top_p": 1,
                                "tool_choice": "auto", "tools": [], "output": [{"type": "message", "id": "msg_1",
                                "status": "completed", "role": "assistant", "content": [{"type": "output_text",
                                "text": "Hello there", "annotations": []}]}]}"""));

        Response answer = client("/openai", 0)
                .responses()
                .create(ResponseCreateParams.builder()
                        .model("gpt-5")
                        .input("Hello")
                        .build());

        assertThat(answer.output()
                        .get(0)
                        .asMessage()
                        .content()
                        .get(0)
                        .asOutputText()
                        .text())
                .isEqualTo("Hello there");
    }

    @Test
    void showsTheProvidersOwnErrorOfABlockingCall() {
        rig.provider().always(quotaExhausted());

        assertShown(catchThrowableOfType(
                RateLimitException.class,
                () -> client("/openai", 0).chat().completions().create(chat())));
    }

    @Test
    void showsTheProvidersOwnErrorOfAStreamingCall() {
        rig.provider().always(quotaExhausted());

        assertShown(catchThrowableOfType(RateLimitException.class, () -> client("/openai", 0)
                .chat()
                .completions()
                .createStreaming(chat())
                .close()));
    }

    @Test
    void doesNotMultiplyRetries() {
        rig.provider()
                .always(Script.json(
                        500, "{\"error\":{\"message\":\"The server had an error\",\"type\":\"server_error\"}}"));

        OpenAIServiceException failure = catchThrowableOfType(
                InternalServerException.class,
                () -> client("/openai-retrying", 2).chat().completions().create(chat()));

        assertThat(failure.statusCode()).isEqualTo(500);
        assertThat(failure.headers().values("x-should-retry")).containsExactly("false");
        assertThat(rig.provider().exchanges())
                .as("calls, of which the second is Penstock's")
                .hasSize(2);
    }

    private static Script quotaExhausted() {
        return Script.answer(
                429, Headers.of("content-type", "application/json", "x-request-id", "req_from_provider"), QUOTA);
    }

    private static void assertShown(RateLimitException failure) {
        assertThat(failure.statusCode()).isEqualTo(429);
        assertThat(failure.code()).hasValue("insufficient_quota");
        assertThat(failure.body().toString()).contains("please check your plan and billing details");
        assertThat(failure.headers().values("x-request-id")).containsExactly("req_from_provider");
        assertThat(failure.headers().values("x-penstock-category")).containsExactly("quota_exhausted");
        assertThat(failure.headers().values("x-penstock-error-type")).containsExactly("rate_limited");
    }

    private static OpenAIClient client(String route, int maxRetries) {
        return OpenAIOkHttpClient.builder()
                .apiKey("sk-test")
                .maxRetries(maxRetries)
                .baseUrl(rig.penstock().baseUrl() + route + "/v1")
                .build();
    }

    private static ChatCompletionCreateParams chat() {
        return ChatCompletionCreateParams.builder()
                .model("gpt-5")
                .addUserMessage("Hello")
                .build();
    }
}
