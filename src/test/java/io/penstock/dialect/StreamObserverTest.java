package io.penstock.dialect;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is observed of every stream among the fixtures, at once and in pieces. */
class StreamObserverTest {
    private static final TokenUsage CHAT = new TokenUsage(21L, 7L, 16L, 3L);
    private static final TokenUsage RESPONSES = new TokenUsage(36L, 87L, 12L, 64L);
    private static final TokenUsage NONE = TokenUsage.NONE;
    private static final String GPT = "gpt-5-2025-08-07";
    private static final String CLAUDE = "claude-sonnet-4-5-20250929";
    private static final String GEMINI = "gemini-2.5-pro";

    /** What is expected; the error by a part of its message. */
    record Expected(
            boolean content,
            boolean complete,
            @Nullable String error,
            @Nullable String finish,
            long frames,
            TokenUsage usage,
            @Nullable String model) {

        static Expected of(Observation seen) {
            return new Expected(
                    seen.contentSeen(),
                    seen.complete(),
                    seen.error() == null ? null : seen.error().message(),
                    seen.finishReason(),
                    seen.frames(),
                    seen.usage(),
                    seen.model());
        }
    }

    private static Expected whole(@Nullable String finish, long frames, TokenUsage usage, @Nullable String model) {
        return new Expected(true, true, null, finish, frames, usage, model);
    }

    private static Expected cut(boolean content, @Nullable String finish, long frames, TokenUsage usage, String model) {
        return new Expected(content, false, null, finish, frames, usage, model);
    }

    private static final Map<String, Expected> CHAT_STREAMS = Map.ofEntries(
            Map.entry("answer.sse", whole("stop", 6, CHAT, GPT)),
            Map.entry("crlf.sse", whole("stop", 6, CHAT, GPT)),
            Map.entry("cr.sse", whole("stop", 6, CHAT, GPT)),
            Map.entry("no-space.sse", whole("stop", 6, CHAT, GPT)),
            Map.entry("byte-order-mark.sse", whole("stop", 6, CHAT, GPT)),
            Map.entry("pings.sse", whole("stop", 5, NONE, GPT)),
            Map.entry("pings-only.sse", new Expected(false, false, null, null, 2, NONE, null)),
            Map.entry("multi-line-data.sse", whole("stop", 4, NONE, GPT)),
            Map.entry("emoji.sse", whole("stop", 6, NONE, GPT)),
            Map.entry("broken-json.sse", whole("stop", 7, NONE, GPT)),
            Map.entry("odd-fields.sse", whole("stop", 4, NONE, GPT)),
            Map.entry("no-final-newline.sse", whole("stop", 5, CHAT, GPT)),
            Map.entry("without-done.sse", whole("stop", 3, NONE, GPT)),
            Map.entry("usage-in-every-frame.sse", whole("stop", 4, new TokenUsage(5L, 2L, null, null), GPT)),
            Map.entry(
                    "error-before-content.sse",
                    new Expected(
                            false, false, "The server is overloaded. Please try again later.", null, 3, NONE, GPT)),
            Map.entry(
                    "error-after-content.sse",
                    new Expected(true, false, "The server is overloaded. Please try again later.", null, 3, NONE, GPT)),
            Map.entry(
                    "error-then-done.sse",
                    new Expected(
                            false,
                            true,
                            "The model is not multimodal. Please remove image inputs.",
                            null,
                            2,
                            NONE,
                            null)),
            Map.entry(
                    "error-with-choice.sse",
                    new Expected(true, true, "Provider disconnected unexpectedly", "error", 3, NONE, GPT)),
            Map.entry("truncated.sse", cut(true, null, 3, NONE, GPT)),
            Map.entry("truncated-before-content.sse", cut(false, null, 1, NONE, GPT)),
            Map.entry("cut-in-frame.sse", cut(true, null, 2, NONE, GPT)),
            Map.entry("refusal.sse", whole("stop", 5, NONE, GPT)),
            Map.entry("tool-calls.sse", whole("tool_calls", 6, NONE, GPT)),
            Map.entry("reasoning.sse", whole("stop", 5, NONE, GPT)),
            Map.entry("content-filter-after-content.sse", whole("content_filter", 4, NONE, GPT)),
            Map.entry(
                    "content-filter-without-content.sse",
                    new Expected(
                            false,
                            true,
                            "The provider's policy blocked the answer: content_filter",
                            "content_filter",
                            3,
                            NONE,
                            GPT)),
            Map.entry("mentions-error.sse", whole("stop", 4, NONE, GPT)),
            Map.entry("legacy-completions.sse", whole("length", 4, NONE, "gpt-3.5-turbo-instruct")),
            Map.entry("empty.sse", new Expected(false, false, null, null, 0, NONE, null)),
            Map.entry("html.sse", new Expected(false, false, null, null, 0, NONE, null)));

    private static final Map<String, Expected> RESPONSES_STREAMS = Map.ofEntries(
            Map.entry("answer.sse", whole("completed", 9, RESPONSES, GPT)),
            Map.entry("crlf.sse", whole("completed", 9, RESPONSES, GPT)),
            Map.entry("no-final-newline.sse", whole("completed", 8, RESPONSES, GPT)),
            Map.entry("without-event-names.sse", whole("completed", 9, RESPONSES, GPT)),
            Map.entry("keep-alives-only.sse", cut(false, null, 4, NONE, GPT)),
            Map.entry("tool-call.sse", whole("completed", 6, RESPONSES, GPT)),
            Map.entry("reasoning.sse", whole("completed", 9, RESPONSES, GPT)),
            Map.entry("refusal.sse", whole("completed", 6, RESPONSES, GPT)),
            Map.entry("incomplete.sse", whole("max_output_tokens", 6, RESPONSES, GPT)),
            Map.entry(
                    "content-filter-without-content.sse",
                    new Expected(
                            false,
                            false,
                            "The provider's policy blocked the answer: content_filter",
                            "content_filter",
                            3,
                            RESPONSES,
                            GPT)),
            Map.entry(
                    "failed-before-content.sse",
                    new Expected(
                            false,
                            false,
                            "Our servers are currently overloaded. Please try again later.",
                            null,
                            3,
                            NONE,
                            GPT)),
            Map.entry(
                    "failed-after-content.sse",
                    new Expected(
                            true, false, "The server had an error while processing your request.", null, 6, NONE, GPT)),
            Map.entry("error-before-content.sse", new Expected(false, false, "Rate limit reached", null, 2, NONE, GPT)),
            Map.entry("error-after-content.sse", new Expected(true, false, "Something went wrong", null, 6, NONE, GPT)),
            Map.entry("truncated.sse", cut(true, null, 6, NONE, GPT)),
            Map.entry("broken-json.sse", whole("completed", 7, RESPONSES, GPT)));

    private static final TokenUsage MESSAGES = new TokenUsage(330L, 12L, 300L, null);
    private static final TokenUsage BEGUN = new TokenUsage(330L, 1L, 300L, null);

    private static final Map<String, Expected> MESSAGES_STREAMS = Map.ofEntries(
            Map.entry("answer.sse", whole("end_turn", 8, MESSAGES, CLAUDE)),
            Map.entry("crlf.sse", whole("end_turn", 8, MESSAGES, CLAUDE)),
            Map.entry("no-space.sse", whole("end_turn", 8, MESSAGES, CLAUDE)),
            Map.entry("without-event-names.sse", whole("end_turn", 8, MESSAGES, CLAUDE)),
            Map.entry("no-final-newline.sse", whole("end_turn", 7, MESSAGES, CLAUDE)),
            Map.entry("multi-line-data.sse", whole("end_turn", 6, MESSAGES, CLAUDE)),
            Map.entry("emoji.sse", whole("end_turn", 6, MESSAGES, CLAUDE)),
            Map.entry("broken-json.sse", whole("end_turn", 8, MESSAGES, CLAUDE)),
            Map.entry("pings.sse", whole("end_turn", 11, MESSAGES, CLAUDE)),
            Map.entry("pings-only.sse", cut(false, null, 5, BEGUN, CLAUDE)),
            Map.entry("tool-use.sse", whole("tool_use", 7, MESSAGES, CLAUDE)),
            Map.entry("thinking.sse", whole("end_turn", 10, new TokenUsage(330L, 40L, 300L, null), CLAUDE)),
            Map.entry("refusal-after-content.sse", whole("refusal", 7, MESSAGES, CLAUDE)),
            Map.entry(
                    "refusal-without-content.sse",
                    new Expected(
                            false,
                            true,
                            "The provider's policy blocked the answer: refusal",
                            "refusal",
                            3,
                            BEGUN,
                            CLAUDE)),
            Map.entry("error-before-content.sse", new Expected(false, false, "Overloaded", null, 4, BEGUN, CLAUDE)),
            Map.entry("error-at-once.sse", new Expected(false, false, "Overloaded", null, 1, NONE, null)),
            Map.entry("error-after-content.sse", new Expected(true, false, "Overloaded", null, 5, BEGUN, CLAUDE)),
            Map.entry("truncated.sse", cut(true, null, 4, BEGUN, CLAUDE)),
            Map.entry("truncated-before-content.sse", cut(false, null, 1, BEGUN, CLAUDE)),
            Map.entry("truncated-after-stop-reason.sse", cut(true, "end_turn", 6, MESSAGES, CLAUDE)));

    private static final TokenUsage GENERATED = new TokenUsage(50L, 11L, 30L, 9L);
    private static final String GEMINI_DOWN = "The model is overloaded. Please try again later.";

    private static final Map<String, Expected> GEMINI_STREAMS = Map.ofEntries(
            Map.entry("answer.sse", whole("STOP", 2, GENERATED, GEMINI)),
            Map.entry("lf.sse", whole("STOP", 2, GENERATED, GEMINI)),
            Map.entry("no-final-newline.sse", whole("STOP", 1, GENERATED, GEMINI)),
            Map.entry("multi-line-data.sse", whole("STOP", 2, GENERATED, GEMINI)),
            Map.entry("emoji.sse", whole("STOP", 2, GENERATED, GEMINI)),
            Map.entry("thinking.sse", whole("STOP", 2, GENERATED, GEMINI)),
            Map.entry("starts-empty.sse", whole("STOP", 3, GENERATED, GEMINI)),
            Map.entry("function-call.sse", whole("STOP", 1, new TokenUsage(50L, 14L, 30L, 9L), GEMINI)),
            Map.entry("safety-after-content.sse", whole("SAFETY", 2, new TokenUsage(50L, 10L, 30L, 9L), GEMINI)),
            Map.entry("truncated.sse", cut(true, null, 2, NONE, GEMINI)),
            Map.entry("broken-json.sse", whole("STOP", 3, GENERATED, GEMINI)),
            Map.entry("error-before-content.sse", new Expected(false, false, GEMINI_DOWN, null, 1, NONE, null)),
            Map.entry("error-after-content.sse", new Expected(true, false, GEMINI_DOWN, null, 2, NONE, GEMINI)),
            Map.entry("answer.json", whole("STOP", 2, GENERATED, GEMINI)),
            Map.entry("error-after-content.json", new Expected(true, true, GEMINI_DOWN, null, 2, NONE, GEMINI)),
            Map.entry("truncated.json", cut(true, "STOP", 2, GENERATED, GEMINI)));

    private static final Map<String, Expected> EXPECTED = Stream.of(
                    Map.entry("openai-chat/", CHAT_STREAMS),
                    Map.entry("openai-responses/", RESPONSES_STREAMS),
                    Map.entry("anthropic/", MESSAGES_STREAMS),
                    Map.entry("gemini/", GEMINI_STREAMS))
            .flatMap(group -> group.getValue().entrySet().stream()
                    .map(entry -> Map.entry(group.getKey() + entry.getKey(), entry.getValue())))
            .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue, (a, b) -> a, TreeMap::new));

    static List<String> streams() {
        return List.copyOf(EXPECTED.keySet());
    }

    @ParameterizedTest
    @MethodSource("streams")
    void observesAStream(String name) {
        Observation seen = Observation.ofWhole(StreamFixtures.observer(name), StreamFixtures.bytes(name));

        assertThat(Expected.of(seen)).isEqualTo(EXPECTED.get(name));
    }

    @Test
    void knowsWhatToExpectOfEveryFixture() {
        List<String> elsewhere = List.of("gemini/blocked-prompt.sse", "gemini/safety-without-content.sse");

        assertThat(StreamFixtures.names())
                .containsExactlyInAnyOrderElementsOf(Stream.concat(EXPECTED.keySet().stream(), elsewhere.stream())
                        .toList());
    }

    @ParameterizedTest
    @MethodSource("blocked")
    void takesABlockedGeminiAnswerForAnErrorWithItsReason(String name) {
        Observation seen = Observation.ofWhole(StreamFixtures.observer(name), StreamFixtures.bytes(name));

        assertThat(seen.contentSeen()).isFalse();
        assertThat(Objects.requireNonNull(seen.error()).toString()).contains("SAFETY");
    }

    static List<String> blocked() {
        return List.of("gemini/blocked-prompt.sse", "gemini/safety-without-content.sse");
    }

    @Property(tries = 400)
    void observesTheSameWhateverTheChunks(@ForAll("names") String name, @ForAll("sizes") List<Integer> sizes) {
        byte[] bytes = StreamFixtures.bytes(name);

        Observation inPieces = Observation.ofChunks(StreamFixtures.observer(name), Chunks.cut(bytes, sizes));

        assertThat(inPieces).isEqualTo(Observation.ofWhole(StreamFixtures.observer(name), bytes));
    }

    /** Cut anywhere, a stream is never taken for whole before its end marker or its finish reason has come. */
    @Property(tries = 400)
    void neverTakesACutStreamForAWholeOne(@ForAll("wholeNames") String name, @ForAll("fraction") double fraction) {
        byte[] bytes = StreamFixtures.bytes(name);
        int length = (int) (bytes.length * fraction);
        AnswerObserver observer = StreamFixtures.observer(name);

        observer.feed(bytes, 0, length);
        observer.end();

        String text = new String(bytes, 0, length, UTF_8);
        boolean marker = text.contains("[DONE]")
                || text.contains("\"finish_reason\":\"")
                || text.contains("\"type\":\"message_stop\"")
                || text.contains("\"type\":\"response.completed\"")
                || text.contains("\"type\":\"response.incomplete\"")
                || text.contains("\"finishReason\":");
        assertThat(observer.complete() && !marker).isFalse();
    }

    /** Whatever comes, nothing is thrown. */
    @Property(tries = 400)
    void standsAnyDamage(
            @ForAll("names") String name,
            @ForAll("fraction") double where,
            @ForAll byte[] damage,
            @ForAll("sizes") List<Integer> sizes) {
        byte[] bytes = StreamFixtures.bytes(name);
        int at = (int) (bytes.length * where);
        System.arraycopy(damage, 0, bytes, at, Math.min(damage.length, bytes.length - at));

        Observation seen = Observation.ofChunks(StreamFixtures.observer(name), Chunks.cut(bytes, sizes));

        assertThat(seen.usage()).isNotNull();
    }

    @Provide
    Arbitrary<String> names() {
        return Arbitraries.of(StreamFixtures.names());
    }

    @Provide
    Arbitrary<String> wholeNames() {
        return Arbitraries.of(EXPECTED.entrySet().stream()
                .filter(entry -> entry.getValue().complete() && entry.getKey().endsWith(".sse"))
                .map(Map.Entry::getKey)
                .toList());
    }

    @Provide
    Arbitrary<Double> fraction() {
        return Arbitraries.doubles().between(0, 1);
    }

    @Provide
    Arbitrary<List<Integer>> sizes() {
        return Chunks.sizes();
    }
}
