package io.penstock.dialect;

import static io.penstock.dialect.FrameKind.CONTENT;
import static io.penstock.dialect.FrameKind.ERROR;
import static io.penstock.dialect.FrameKind.KEEP_ALIVE;
import static io.penstock.dialect.FrameKind.LIFECYCLE;
import static io.penstock.dialect.FrameKind.MALFORMED;
import static io.penstock.dialect.FrameKind.TERMINAL;
import static io.penstock.dialect.FrameKind.TERMINAL_CONTENT;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FrameReaderTest {

    @Test
    void tellsTheFramesOfAChatAnswer() {
        assertThat(kinds(Operation.CHAT_COMPLETIONS, "openai-chat/pings.sse"))
                .containsExactly(LIFECYCLE, CONTENT, KEEP_ALIVE, CONTENT, TERMINAL);
        assertThat(kinds(Operation.CHAT_COMPLETIONS, "openai-chat/answer.sse"))
                .containsExactly(LIFECYCLE, CONTENT, CONTENT, CONTENT, CONTENT, TERMINAL);
        assertThat(kinds(Operation.CHAT_COMPLETIONS, "openai-chat/error-before-content.sse"))
                .containsExactly(LIFECYCLE, LIFECYCLE, ERROR);
        assertThat(kinds(Operation.CHAT_COMPLETIONS, "openai-chat/broken-json.sse"))
                .containsExactly(LIFECYCLE, CONTENT, MALFORMED, MALFORMED, CONTENT, CONTENT, TERMINAL);
        assertThat(kinds(Operation.CHAT_COMPLETIONS, "openai-chat/tool-calls.sse"))
                .containsExactly(LIFECYCLE, CONTENT, CONTENT, CONTENT, CONTENT, TERMINAL);
        assertThat(kinds(Operation.CHAT_COMPLETIONS, "openai-chat/reasoning.sse"))
                .containsExactly(LIFECYCLE, CONTENT, CONTENT, CONTENT, TERMINAL);
        assertThat(kinds(Operation.CHAT_COMPLETIONS, "openai-chat/usage-in-every-frame.sse"))
                .containsExactly(LIFECYCLE, CONTENT, CONTENT, TERMINAL);
        assertThat(kinds(Operation.CHAT_COMPLETIONS, "openai-chat/content-filter-without-content.sse"))
                .containsExactly(LIFECYCLE, ERROR, TERMINAL);
        assertThat(kinds(Operation.COMPLETIONS, "openai-chat/legacy-completions.sse"))
                .containsExactly(CONTENT, CONTENT, CONTENT, TERMINAL);
    }

    @Test
    void tellsTheFramesOfAResponsesAnswer() {
        assertThat(kinds(Operation.RESPONSES, "openai-responses/answer.sse"))
                .containsExactly(
                        LIFECYCLE,
                        LIFECYCLE,
                        LIFECYCLE,
                        LIFECYCLE,
                        CONTENT,
                        CONTENT,
                        CONTENT,
                        CONTENT,
                        TERMINAL_CONTENT);
        assertThat(kinds(Operation.RESPONSES, "openai-responses/keep-alives-only.sse"))
                .containsExactly(LIFECYCLE, LIFECYCLE, KEEP_ALIVE, KEEP_ALIVE);
        assertThat(kinds(Operation.RESPONSES, "openai-responses/tool-call.sse"))
                .containsExactly(LIFECYCLE, LIFECYCLE, CONTENT, CONTENT, CONTENT, TERMINAL_CONTENT);
        assertThat(kinds(Operation.RESPONSES, "openai-responses/reasoning.sse"))
                .startsWith(LIFECYCLE, LIFECYCLE, LIFECYCLE, LIFECYCLE, CONTENT);
        assertThat(kinds(Operation.RESPONSES, "openai-responses/failed-before-content.sse"))
                .containsExactly(LIFECYCLE, LIFECYCLE, ERROR);
        assertThat(kinds(Operation.RESPONSES, "openai-responses/content-filter-without-content.sse"))
                .containsExactly(LIFECYCLE, LIFECYCLE, ERROR);
    }

    @Test
    void tellsTheFramesOfAMessagesAnswer() {
        assertThat(kinds(Operation.MESSAGES, "anthropic/answer.sse"))
                .containsExactly(LIFECYCLE, LIFECYCLE, KEEP_ALIVE, CONTENT, CONTENT, LIFECYCLE, CONTENT, TERMINAL);
        assertThat(kinds(Operation.MESSAGES, "anthropic/tool-use.sse")).startsWith(LIFECYCLE, CONTENT, CONTENT);
        assertThat(kinds(Operation.MESSAGES, "anthropic/thinking.sse")).startsWith(LIFECYCLE, LIFECYCLE, CONTENT);
        assertThat(kinds(Operation.MESSAGES, "anthropic/error-before-content.sse"))
                .containsExactly(LIFECYCLE, LIFECYCLE, KEEP_ALIVE, ERROR);
    }

    @Test
    void tellsTheFramesOfAGeminiAnswer() {
        assertThat(kinds(Operation.GENERATE_CONTENT, "gemini/starts-empty.sse"))
                .containsExactly(LIFECYCLE, CONTENT, CONTENT);
        assertThat(kinds(Operation.GENERATE_CONTENT, "gemini/blocked-prompt.sse"))
                .containsExactly(ERROR);
        assertThat(kinds(Operation.GENERATE_CONTENT, "gemini/safety-after-content.sse"))
                .containsExactly(CONTENT, CONTENT);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"choices\":[{\"delta\":{}}]} | LIFECYCLE",
                "{\"choices\":[{\"delta\":{\"content\":null,\"tool_calls\":[],\"refusal\":\"\"}}]} | LIFECYCLE",
                "{\"choices\":[],\"error\":null} | LIFECYCLE",
                "{\"error\":{}} | LIFECYCLE",
                "{\"error\":{\"code\":0,\"message\":\"\"}} | LIFECYCLE",
                "{\"error\":\"busy\"} | ERROR",
                "{\"error\":{\"code\":429}} | ERROR",
                "[{\"error\":{\"message\":\"m\"}}] | ERROR",
                "{\"object\":\"error\",\"message\":\"m\",\"code\":400} | ERROR",
                "{\"choices\":[{\"delta\":{\"audio\":{\"data\":\"AA\"}}}]} | CONTENT",
                "{\"choices\":[{\"delta\":{\"function_call\":{\"name\":\"f\"}}}]} | CONTENT",
                "{\"choices\":[],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":4}} | CONTENT",
                "{\"choices\":[],\"usage\":null} | LIFECYCLE",
                "{\"x\":{\"choices\":[{\"delta\":{\"content\":\"no\"}}]}} | LIFECYCLE",
                "{\"choices\":[{\"delta\":{\"content\":\"a\"}}] | MALFORMED",
                "{\"choices\":[{\"delta\":{\"content\":\"a\"}}]} trailing | MALFORMED",
                "hello | MALFORMED",
                "[DONE] | TERMINAL",
                "'' | KEEP_ALIVE",
            })
    void tellsAChatFrameByWhatIsInIt(String data, FrameKind kind) {
        FrameReader reader = new FrameReader(new ChatAnswers(), new AnswerState());

        assertThat(reader.read(event(null, data))).isEqualTo(kind);
    }

    @Test
    void takesAnEventNamedErrorForOneWhateverItsData() {
        AnswerState state = new AnswerState();
        FrameReader reader = new FrameReader(new ChatAnswers(), state);

        assertThat(reader.read(event("error", "upstream died"))).isEqualTo(ERROR);
        assertThat(Objects.requireNonNull(state.error()).kind()).isEqualTo(ProviderError.Kind.TEXT);
        assertThat(Objects.requireNonNull(state.error()).message()).isEqualTo("upstream died");
    }

    @Test
    void keepsTheFirstErrorAndTakesNothingAfterItForContent() {
        AnswerState state = new AnswerState();
        FrameReader reader = new FrameReader(new ChatAnswers(), state);

        reader.read(event(null, "{\"error\":{\"message\":\"first\"}}"));
        reader.read(event(null, "{\"error\":{\"message\":\"second\"}}"));
        reader.read(event(null, "{\"choices\":[{\"delta\":{\"content\":\"a\"}}]}"));

        assertThat(Objects.requireNonNull(state.error()).message()).isEqualTo("first");
        assertThat(state.contentSeen()).isFalse();
    }

    @Test
    void takesAFrameTooLargeToReadForContentAndPossiblyTheEnd() {
        AnswerState state = new AnswerState();
        FrameReader reader = new FrameReader(new GeminiAnswers(), state);
        assertThat(reader.wholeAtEnd()).isFalse();

        assertThat(reader.read(new SseEvent(null, new byte[0], 0, true))).isEqualTo(CONTENT);

        assertThat(state.contentSeen()).isTrue();
        assertThat(reader.wholeAtEnd()).isTrue();
    }

    @Test
    void readsAFrameTooLargeByItsName() {
        FrameReader responses = new FrameReader(new ResponsesAnswers(), new AnswerState());

        assertThat(responses.read(new SseEvent("response.completed", new byte[0], 0, true)))
                .isEqualTo(TERMINAL_CONTENT);
    }

    @Test
    void keepsLongWordsShort() {
        AnswerState state = new AnswerState();
        FrameReader reader = new FrameReader(new ChatAnswers(), state);

        reader.read(event(
                null,
                "{\"model\":\"" + "m".repeat(9_999) + "\",\"choices\":[{\"finish_reason\":\"" + "f".repeat(9_999)
                        + "\"}]}"));

        assertThat(Objects.requireNonNull(state.model())).hasSize(200);
        assertThat(Objects.requireNonNull(state.finishReason())).hasSize(64);
    }

    private static SseEvent event(@Nullable String name, String data) {
        byte[] bytes = data.getBytes(UTF_8);
        return new SseEvent(name, bytes, bytes.length, false);
    }

    private static List<FrameKind> kinds(Operation operation, String fixture) {
        List<FrameKind> kinds = new ArrayList<>();
        FrameReader reader = new FrameReader(AnswerProtocol.of(operation), new AnswerState());
        byte[] bytes = StreamFixtures.bytes(fixture);
        new SseParser().feed(bytes, 0, bytes.length, event -> kinds.add(reader.read(event)));
        return kinds;
    }
}
