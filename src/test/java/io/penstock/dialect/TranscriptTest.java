package io.penstock.dialect;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Captured answers, whose operation nobody told. */
class TranscriptTest {
    private static final String CONVERSE = """
            {"messageStart":{"role":"assistant"}}
            {"contentBlockDelta":{"delta":{"text":"Hi"},"contentBlockIndex":0}}
            {"messageStop":{"stopReason":"end_turn"}}
            {"metadata":{"usage":{"inputTokens":5,"cacheReadInputTokens":3,"outputTokens":1}}}
            """;
    private static final String OLLAMA = """
            {"model":"llama3","message":{"role":"assistant","content":"Hi"},"done":false}
            {"model":"llama3","message":{"role":"assistant","content":""},"done":true,"done_reason":"length","eval_count":7}
            """;
    private static final String COHERE = """
            event: message-start
            data: {"type":"message-start","delta":{"message":{"role":"assistant","content":[]}}}

            event: content-delta
            data: {"type":"content-delta","index":0,"delta":{"message":{"content":{"text":"Hi"}}}}

            event: message-end
            data: {"type":"message-end","delta":{"finish_reason":"MAX_TOKENS","usage":{"tokens":{"output_tokens":1}}}}

            """;

    @Test
    void readsAConverseStream() {
        Observation seen = observe(Dialect.BEDROCK, CONVERSE);

        assertThat(seen.contentSeen() && seen.complete()).isTrue();
        assertThat(seen.finishReason()).isEqualTo("end_turn");
        assertThat(seen.usage()).isEqualTo(new TokenUsage(8L, 1L, 3L, null));
        assertThat(observe(Dialect.BEDROCK, CONVERSE.substring(0, CONVERSE.indexOf("{\"messageStop")))
                        .complete())
                .isFalse();
    }

    @Test
    void seesAnExceptionInAConverseStreamAfterContentToo() {
        String cut = CONVERSE.substring(0, CONVERSE.indexOf("{\"messageStop"));

        Observation seen = observe(Dialect.BEDROCK, cut + "{\"modelStreamErrorException\":{\"message\":\"broke\"}}\n");

        assertThat(Objects.requireNonNull(seen.error()).type()).isEqualTo("modelStreamErrorException");
    }

    @Test
    void readsOllamasLines() {
        Observation seen = observe(Dialect.OLLAMA, OLLAMA);

        assertThat(seen.contentSeen() && seen.complete()).isTrue();
        assertThat(seen.finishReason()).isEqualTo("length");
        assertThat(seen.usage().output()).isEqualTo(7);
        assertThat(observe(Dialect.OLLAMA, OLLAMA.lines().findFirst().orElseThrow())
                        .complete())
                .isFalse();
        assertThat(Objects.requireNonNull(observe(
                                        Dialect.OLLAMA,
                                        OLLAMA.lines().findFirst().orElseThrow() + "\n{\"error\":\"unexpected EOF\"}\n")
                                .error())
                        .message())
                .isEqualTo("unexpected EOF");
    }

    @Test
    void readsCoheresEvents() {
        Observation seen = observe(Dialect.OPENAI, COHERE);

        assertThat(seen.contentSeen() && seen.complete()).isTrue();
        assertThat(seen.finishReason()).isEqualTo("MAX_TOKENS");
        assertThat(observe(Dialect.OPENAI, COHERE.substring(0, COHERE.indexOf("event: message-end")))
                        .complete())
                .isFalse();
        Observation failed = observe(
                Dialect.OPENAI,
                COHERE.replace(
                        "\"finish_reason\":\"MAX_TOKENS\"", "\"error\":\"out of memory\",\"finish_reason\":\"ERROR\""));
        assertThat(Objects.requireNonNull(failed.error()).message()).isEqualTo("out of memory");
    }

    @ParameterizedTest
    @MethodSource("streams")
    void recognisesWhatAStreamIsOfWithoutItsOperation(String name) {
        String text = new String(StreamFixtures.bytes(name), UTF_8);
        Dialect dialect = name.startsWith("anthropic")
                ? Dialect.ANTHROPIC
                : name.startsWith("gemini") ? Dialect.GEMINI : Dialect.OPENAI;

        Observation told = Observation.ofWhole(StreamFixtures.observer(name), StreamFixtures.bytes(name));

        assertThat(observe(dialect, text, name.endsWith(".sse"), null)).isEqualTo(told);
    }

    static List<String> streams() {
        // Of a stream that ends before anything tells, only the operation could say what it was to be.
        return StreamFixtures.names().stream()
                .filter(name -> name.endsWith(".sse"))
                .toList();
    }

    private static Observation observe(Dialect dialect, String text) {
        return observe(dialect, text, true, null);
    }

    private static Observation observe(Dialect dialect, String text, boolean stream, @Nullable String type) {
        AnswerObserver observer = Transcript.observe(dialect, text, stream, type);
        observer.end();
        return Observation.of(observer);
    }
}
