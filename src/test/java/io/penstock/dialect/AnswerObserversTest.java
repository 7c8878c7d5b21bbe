package io.penstock.dialect;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AnswerObserversTest {
    private static final String STREAM =
            "data: {\"choices\":[{\"delta\":{\"content\":\"a\"},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n";

    @ParameterizedTest
    @CsvSource(
            nullValues = "none",
            value = {"text/event-stream", "TEXT/Event-Stream;charset=utf-8", "none", "text/plain; charset=utf-8"})
    void watchesAStreamAlsoWhereItsTypeIsNotSaid(@Nullable String contentType) {
        Observation seen = observe(Operation.CHAT_COMPLETIONS, contentType, STREAM);

        assertThat(seen.contentSeen()).isTrue();
        assertThat(seen.complete()).isTrue();
        assertThat(seen.frames()).isEqualTo(2);
    }

    @Test
    void recognisesAStreamBehindAByteOrderMark() {
        assertThat(observe(Operation.CHAT_COMPLETIONS, null, "\uFEFF" + STREAM).complete())
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "none",
            value = {"application/json", "application/problem+json", "none", "text/plain", "text/html"})
    void watchesAnErrorInJsonWhateverItsType(@Nullable String contentType) {
        Observation seen = observe(Operation.CHAT_COMPLETIONS, contentType, " {\"error\":{\"message\":\"m\"}}");

        assertThat(seen.error()).isNotNull();
        assertThat(seen.complete()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "none",
            value = {"text/html", "none", "text/plain", "application/json"})
    void findsNoContentInHtml(@Nullable String contentType) {
        Observation seen = observe(Operation.CHAT_COMPLETIONS, contentType, "<html><body>Sign in</body></html>");

        assertThat(seen.contentSeen()).isFalse();
        assertThat(seen.error()).isNull();
    }

    @Test
    void watchesLinesOfJson() {
        Observation seen = observe(
                Operation.CHAT_COMPLETIONS,
                "application/x-ndjson",
                "{\"choices\":[{\"delta\":{\"content\":\"a\"}}]}\r\n\n{\"error\":\"boom\"}");

        assertThat(seen.contentSeen()).isTrue();
        assertThat(seen.frames()).isEqualTo(1);
        assertThat(seen.error()).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"audio/mpeg", "text/plain", "application/octet-stream", "image/png", "text/vtt"})
    void knowsOfAnythingElseOnlyThatItBeganAndEnded(String contentType) {
        AnswerObserver observer = AnswerObservers.of(Dialect.OPENAI, Operation.OTHER, contentType);
        assertThat(observer.contentSeen()).isFalse();

        observer.feed(new byte[] {'d', 0, 1}, 0, 3);
        assertThat(observer.contentSeen()).isTrue();
        assertThat(observer.complete()).isFalse();

        observer.end();
        assertThat(Observation.of(observer))
                .isEqualTo(new Observation(true, true, null, TokenUsage.NONE, null, null, 0));
    }

    @Test
    void takesAStreamOfAnotherKindForWholeAtItsProperEnd() {
        String images = "event: image_generation.completed\ndata: {\"type\":\"image_generation.completed\","
                + "\"usage\":{\"input_tokens\":5,\"output_tokens\":9}}\n\n";

        Observation seen = observe(Operation.OTHER, "text/event-stream", images);

        assertThat(seen.complete()).isTrue();
        assertThat(seen.usage()).isEqualTo(new TokenUsage(5L, 9L, null, null));
        assertThat(observe(Operation.OTHER, "text/event-stream", "").complete()).isFalse();
    }

    @Test
    void watchesNothingButTheLengthOfWhatCannotBeDecoded() {
        AnswerObserver observer = AnswerObservers.opaque();

        observer.feed(new byte[] {1}, 0, 1);
        observer.end();

        assertThat(observer.contentSeen() && observer.complete()).isTrue();
    }

    private static Observation observe(Operation operation, @Nullable String contentType, String body) {
        return Observation.ofWhole(AnswerObservers.of(Dialect.OPENAI, operation, contentType), body.getBytes(UTF_8));
    }
}
