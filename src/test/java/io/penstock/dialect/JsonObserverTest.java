package io.penstock.dialect;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Objects;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonObserverTest {
    private static final String CHAT = """
            {"id":"chatcmpl-1","object":"chat.completion","model":"gpt-5-2025-08-07","choices":[{"index":0,
            "message":{"role":"assistant","content":"Grüße 😀","refusal":null},"finish_reason":"stop"}],
            "usage":{"prompt_tokens":21,"completion_tokens":7,"prompt_tokens_details":{"cached_tokens":16},
            "completion_tokens_details":{"reasoning_tokens":3}}}
            """;
    private static final String RESPONSES = """
            {"id":"resp_1","object":"response","status":"completed","error":null,"incomplete_details":null,
            "model":"gpt-5-2025-08-07","output":[{"type":"message","content":[{"type":"output_text","text":"Hi"}]}],
            "usage":{"input_tokens":36,"input_tokens_details":{"cached_tokens":12},"output_tokens":87,
            "output_tokens_details":{"reasoning_tokens":64}}}
            """;
    private static final String MESSAGE = """
            {"id":"msg_1","type":"message","role":"assistant","model":"claude-sonnet-4-5","content":[
            {"type":"text","text":"Hi"}],"stop_reason":"end_turn","usage":{"input_tokens":10,
            "cache_creation_input_tokens":20,"cache_read_input_tokens":300,"output_tokens":12}}
            """;
    private static final String GEMINI = """
            {"candidates":[{"content":{"parts":[{"text":"Hi"}],"role":"model"},"finishReason":"STOP"}],
            "usageMetadata":{"promptTokenCount":50,"toolUsePromptTokenCount":5,"candidatesTokenCount":2,
            "thoughtsTokenCount":9},"modelVersion":"gemini-2.5-pro"}
            """;
    private static final List<String> ANSWERS = List.of(CHAT, RESPONSES, MESSAGE, GEMINI);

    @Test
    void readsAChatAnswer() {
        assertThat(observe(Operation.CHAT_COMPLETIONS, CHAT))
                .isEqualTo(answer(new TokenUsage(21L, 7L, 16L, 3L), "gpt-5-2025-08-07", "stop"));
    }

    @Test
    void readsAResponsesAnswer() {
        assertThat(observe(Operation.RESPONSES, RESPONSES))
                .isEqualTo(answer(new TokenUsage(36L, 87L, 12L, 64L), "gpt-5-2025-08-07", "completed"));
    }

    @Test
    void readsAMessagesAnswer() {
        assertThat(observe(Operation.MESSAGES, MESSAGE))
                .isEqualTo(answer(new TokenUsage(330L, 12L, 300L, null), "claude-sonnet-4-5", "end_turn"));
    }

    @Test
    void readsAGeminiAnswer() {
        assertThat(observe(Operation.GENERATE_CONTENT, GEMINI))
                .isEqualTo(answer(new TokenUsage(55L, 11L, null, 9L), "gemini-2.5-pro", "STOP"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "EMBEDDINGS | {\"object\":\"list\",\"data\":[{\"embedding\":[0.1]}],\"usage\":{\"prompt_tokens\":8}}",
                "MODELS | {\"object\":\"list\",\"data\":[]}",
                "COUNT_TOKENS | {\"input_tokens\":14}",
                "OTHER | {\"id\":\"x\",\"deleted\":true}",
                "OTHER | []",
                "OTHER | 7",
                "RESPONSES | {\"object\":\"response\",\"status\":\"queued\",\"output\":[]}",
            })
    void takesWhatIsNoErrorForContentWhereTheInsideMattersLittle(Operation operation, String body) {
        Observation seen = observe(operation, body);

        assertThat(seen.contentSeen()).isTrue();
        assertThat(seen.complete()).isTrue();
        assertThat(seen.error()).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "CHAT_COMPLETIONS | {\"error\":{\"message\":\"Provider returned error\",\"code\":502},\"user_id\":\"u\"}",
                "CHAT_COMPLETIONS | [{\"error\":{\"message\":\"Provider returned error\"}}]",
                "CHAT_COMPLETIONS | {\"error\":\"Provider returned error\"}",
                "RESPONSES | {\"status\":\"failed\",\"error\":{\"code\":\"c\",\"message\":\"Provider returned error\"}}",
                "MESSAGES | {\"type\":\"error\",\"error\":{\"type\":\"t\",\"message\":\"Provider returned error\"}}",
                "GENERATE_CONTENT | {\"error\":{\"code\":503,\"message\":\"Provider returned error\"}}",
                "EMBEDDINGS | {\"error\":{\"message\":\"Provider returned error\"}}",
                "OTHER | {\"error\":{\"message\":\"Provider returned error\"}}",
            })
    void findsTheErrorInAGoodAnswer(Operation operation, String body) {
        Observation seen = observe(operation, body);

        assertThat(Objects.requireNonNull(seen.error()).message()).isEqualTo("Provider returned error");
        assertThat(seen.contentSeen()).isFalse();
    }

    @Test
    void takesAnAnswerBlockedByPolicyWithoutContentForAnError() {
        Observation chat = observe(
                Operation.CHAT_COMPLETIONS,
                "{\"choices\":[{\"finish_reason\":\"content_filter\",\"message\":{\"content\":\"\"}}]}");
        Observation gemini = observe(
                Operation.GENERATE_CONTENT,
                "{\"responseId\":\"r\",\"modelVersion\":\"gemini-2.5-pro\",\"promptFeedback\":{\"blockReason\":\"SAFETY\"}}");

        assertThat(Objects.requireNonNull(chat.error()).code()).isEqualTo("content_filter");
        assertThat(Objects.requireNonNull(gemini.error()).toString()).contains("SAFETY");
        assertThat(chat.contentSeen() || gemini.contentSeen()).isFalse();
    }

    @Test
    void takesAnAnswerEndedByPolicyAfterContentForAnAnswer() {
        Observation seen = observe(
                Operation.CHAT_COMPLETIONS,
                "{\"choices\":[{\"finish_reason\":\"content_filter\",\"message\":{\"content\":\"Once\"}}]}");

        assertThat(seen.error()).isNull();
        assertThat(seen.contentSeen()).isTrue();
        assertThat(seen.finishReason()).isEqualTo("content_filter");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "  \n", "<!DOCTYPE html><html></html>", "{]", "{}", "{\"choices\":[]}", "null", "OK"})
    void findsNeitherContentNorErrorInWhatIsNoAnswer(String body) {
        Observation seen = observe(Operation.CHAT_COMPLETIONS, body);

        assertThat(seen.contentSeen()).isFalse();
        assertThat(seen.error()).isNull();
        assertThat(seen.complete()).isTrue();
    }

    @Test
    void seesContentBeforeTheBodyHasEnded() {
        AnswerObserver observer = observer(Operation.CHAT_COMPLETIONS);
        byte[] begun = "{\"choices\":[{\"message\":{\"content\":\"Hi\",".getBytes(UTF_8);

        observer.feed(begun, 0, begun.length);

        assertThat(observer.contentSeen()).isTrue();
        assertThat(observer.complete()).isFalse();
    }

    @Test
    void goesOnAfterAVeryLongStringWithoutKeepingIt() {
        String image = "\\\"\\u00e9漢😀".repeat(500_000);
        Observation seen = observe(
                Operation.GENERATE_CONTENT,
                "{\"candidates\":[{\"content\":{\"parts\":[{\"inlineData\":{\"data\":\"" + image
                        + "\"}}]},\"finishReason\":\"STOP\"}],\"usageMetadata\":{\"promptTokenCount\":5}}");

        assertThat(seen)
                .isEqualTo(new Observation(true, true, null, new TokenUsage(5L, null, null, null), null, "STOP", 0));
    }

    @Test
    void knowsThatThereIsAnErrorEvenWhereItIsTooLongToRead() {
        Observation seen = observe(
                Operation.CHAT_COMPLETIONS,
                "{\"padding\":[" + "\"x\",".repeat(100_000) + "1],\"error\":{\"message\":\"far behind\"}}");

        assertThat(seen.error()).isNotNull();
        assertThat(seen.contentSeen()).isFalse();
    }

    @Property(tries = 300)
    void observesTheSameWhateverTheChunks(@ForAll("answers") String body, @ForAll("sizes") List<Integer> sizes) {
        for (Operation operation : List.of(Operation.CHAT_COMPLETIONS, Operation.MESSAGES, Operation.OTHER)) {
            assertThat(Observation.ofChunks(observer(operation), Chunks.cut(body.getBytes(UTF_8), sizes)))
                    .isEqualTo(observe(operation, body));
        }
    }

    @Property(tries = 300)
    void neverTakesACutBodyForAWholeOne(@ForAll("answers") String body, @ForAll("fraction") double fraction) {
        byte[] bytes = body.strip().getBytes(UTF_8);
        AnswerObserver observer = observer(Operation.CHAT_COMPLETIONS);

        observer.feed(bytes, 0, 1 + (int) ((bytes.length - 2) * fraction));
        observer.end();

        assertThat(observer.complete()).isFalse();
    }

    @Property(tries = 500)
    void neverThrows(@ForAll byte[] garbage, @ForAll("answers") String body, @ForAll("fraction") double fraction) {
        byte[] bytes = body.getBytes(UTF_8);
        int at = (int) (bytes.length * fraction);
        AnswerObserver observer = observer(Operation.GENERATE_CONTENT);

        observer.feed(bytes, 0, at);
        observer.feed(garbage, 0, garbage.length);
        observer.feed(bytes, at, bytes.length - at);
        observer.end();

        assertThat(observer.frames()).isNotNegative();
    }

    @Provide
    Arbitrary<String> answers() {
        return Arbitraries.of(ANSWERS);
    }

    @Provide
    Arbitrary<Double> fraction() {
        return Arbitraries.doubles().between(0, 1);
    }

    @Provide
    Arbitrary<List<Integer>> sizes() {
        return Chunks.sizes();
    }

    private static Observation answer(TokenUsage usage, String model, String finish) {
        return new Observation(true, true, null, usage, model, finish, 0);
    }

    private static AnswerObserver observer(Operation operation) {
        return AnswerObservers.of(Dialect.OPENAI, operation, "application/json");
    }

    private static Observation observe(Operation operation, String body) {
        return Observation.ofWhole(observer(operation), body.getBytes(UTF_8));
    }
}
