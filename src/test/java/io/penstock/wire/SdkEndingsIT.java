package io.penstock.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.models.messages.MessageCreateParams;
import com.anthropic.models.messages.RawMessageStreamEvent;
import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.responses.ResponseCreateParams;
import com.openai.models.responses.ResponseStreamEvent;
import io.penstock.simulator.Headers;
import io.penstock.simulator.Provider;
import io.penstock.simulator.Script;
import io.penstock.simulator.Voice;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Streams that cannot be finished, and 200s that are none, as the vendors' own SDKs see them: by the exception of a failed
 * call, and never as half an answer that looks whole.
 */
class SdkEndingsIT extends WithRig {

    private static final String CHUNK =
            "data: {\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"gpt-5\","
                    + "\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hel\"},\"finish_reason\":null}]}\n\n";

    /** How a stream goes wrong after some text. */
    static Stream<Function<Voice, Provider>> misfortunes() {
        return Stream.of(
                voice -> voice.cutMidStream("The gate ", "is "), voice -> voice.endsWithoutMarker("The gate ", "is "));
    }

    @ParameterizedTest
    @MethodSource("misfortunes")
    void chatRaisesTheErrorThatIsToldInTheStream(Function<Voice, Provider> misfortune) {
        rig.provider().always(misfortune.apply(Voice.openAiChat()));

        List<String> texts = new ArrayList<>();
        com.openai.errors.SseException failure =
                catchThrowableOfType(com.openai.errors.SseException.class, () -> readChat(texts));

        assertThat(texts).isNotEmpty();
        assertThat(failure).hasMessageContaining("Penstock: ");
        assertThat(failure.code()).hasValue("stream_truncated");
    }

    @ParameterizedTest
    @MethodSource("misfortunes")
    void responsesRaiseTheErrorThatIsToldInTheStream(Function<Voice, Provider> misfortune) {
        rig.provider().always(misfortune.apply(Voice.openAiResponses()));

        Throwable failure = catchThrowable(() -> {
            try (var events = openAi().responses()
                    .createStreaming(ResponseCreateParams.builder()
                            .model("gpt-5")
                            .input("Hello")
                            .build())) {
                List<ResponseStreamEvent> all = events.stream().toList();
                // Where the SDK hands errors on as events, this one is the last: nobody can take it for an answer.
                throw new AssertionError("ended with " + all.get(all.size() - 1));
            }
        });

        assertThat(failure)
                .as("%s", failure)
                .isInstanceOf(com.openai.errors.SseException.class)
                .hasMessageContaining("Penstock: ");
    }

    @ParameterizedTest
    @MethodSource("misfortunes")
    void messagesRaiseTheErrorThatIsToldInTheStream(Function<Voice, Provider> misfortune) {
        rig.provider().always(misfortune.apply(Voice.anthropic()));

        List<String> texts = new ArrayList<>();
        com.anthropic.errors.SseException failure =
                catchThrowableOfType(com.anthropic.errors.SseException.class, () -> readMessages(texts));

        assertThat(texts).isNotEmpty();
        assertThat(failure).hasMessageContaining("Penstock: ");
    }

    /** A frame that was cut in two cannot be mended, but neither can it pass for the end of an answer. */
    @Test
    void chatRaisesAFrameThatIsCutInTwo() {
        rig.provider().always(exchange -> Voice.openAiChat()
                .opened(exchange)
                .bytes(CHUNK + CHUNK.substring(0, 120))
                .cut());

        List<String> texts = new ArrayList<>();

        assertThat(catchThrowable(() -> readChat(texts))).isInstanceOf(com.openai.errors.OpenAIException.class);
        assertThat(texts).containsExactly("Hel");
    }

    @Test
    void chatRaisesAnOverloadInsideA200AsAnErrorStatus() {
        rig.provider().always(Voice.openAiChat().overloadedBeforeContent());

        var failure = catchThrowableOfType(
                com.openai.errors.InternalServerException.class, () -> readChat(new ArrayList<>()));

        assertThat(failure.statusCode()).isEqualTo(503);
        assertThat(failure.code()).hasValue("server_is_overloaded");
    }

    @Test
    void messagesRaiseAnOverloadInsideA200AsAnErrorStatus() {
        rig.provider().always(Voice.anthropic().overloadedBeforeContent());

        var failure = catchThrowableOfType(
                com.anthropic.errors.AnthropicServiceException.class, () -> readMessages(new ArrayList<>()));

        assertThat(failure.statusCode()).isEqualTo(529);
        assertThat(failure.body().toString()).contains("overloaded_error").doesNotContain("Penstock:");
    }

    @Test
    void chatRaisesAnErrorObjectInsideABlocking200() {
        rig.provider()
                .always(
                        Script.json(
                                200,
                                "{\"error\":{\"message\":\"Slow down\",\"type\":\"requests\",\"code\":\"rate_limit_exceeded\"}}"));

        var failure = catchThrowableOfType(
                com.openai.errors.RateLimitException.class,
                () -> openAi().chat().completions().create(chat()));

        assertThat(failure.code()).hasValue("rate_limit_exceeded");
    }

    @Test
    void chatRaisesAWebPageInsideA200() {
        rig.provider().always(Script.html(200));

        var failure = catchThrowableOfType(
                com.openai.errors.InternalServerException.class,
                () -> openAi().chat().completions().create(chat()));

        assertThat(failure.code()).hasValue("protocol_error");
    }

    @Test
    void chatRaisesABlockingAnswerThatIsCut() {
        rig.provider()
                .always(Script.begin()
                        .head(200, Headers.of("content-type", "application/json"))
                        .bytes("{\"id\":\"c\",\"choices\":[{\"message\":{\"content\":\"The ga")
                        .cut());

        var failure = catchThrowableOfType(
                com.openai.errors.InternalServerException.class,
                () -> openAi().chat().completions().create(chat()));

        assertThat(failure.code()).hasValue("protocol_error");
    }

    private static void readChat(List<String> texts) {
        try (var chunks = openAi().chat().completions().createStreaming(chat())) {
            chunks.stream()
                    .map(ChatCompletionChunk::choices)
                    .flatMap(List::stream)
                    .map(choice -> choice.delta().content())
                    .flatMap(Optional::stream)
                    .forEach(texts::add);
        }
    }

    private static void readMessages(List<String> texts) {
        try (var events = anthropic()
                .messages()
                .createStreaming(MessageCreateParams.builder()
                        .model("claude-sonnet-4-5")
                        .maxTokens(100)
                        .addUserMessage("Hello")
                        .build())) {
            events.stream()
                    .map(RawMessageStreamEvent::contentBlockDelta)
                    .flatMap(Optional::stream)
                    .flatMap(event -> event.delta().text().stream())
                    .forEach(delta -> texts.add(delta.text()));
        }
    }

    private static ChatCompletionCreateParams chat() {
        return ChatCompletionCreateParams.builder()
                .model("gpt-5")
                .addUserMessage("Hello")
                .build();
    }

    private static OpenAIClient openAi() {
        return OpenAIOkHttpClient.builder()
                .apiKey("sk-test")
                .maxRetries(0)
                .baseUrl(rig.penstock().baseUrl() + "/openai/v1")
                .build();
    }

    private static AnthropicClient anthropic() {
        return AnthropicOkHttpClient.builder()
                .apiKey("sk-ant-test")
                .maxRetries(0)
                .baseUrl(rig.penstock().baseUrl() + "/anthropic")
                .build();
    }
}
