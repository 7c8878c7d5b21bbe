package io.penstock.classify;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.dialect.AnswerObserver;
import io.penstock.dialect.AnswerObservers;
import io.penstock.dialect.Dialect;
import io.penstock.dialect.Operation;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an answer with a good status was, by how it ended. */
class AnswerVerdictTest {
    private static final String STREAM = "text/event-stream";
    private static final String JSON = "application/json";
    private static final String CONTENT = "data: {\"choices\":[{\"delta\":{\"content\":\"a\"}}]}\n\n";
    private static final String LIFECYCLE = "data: {\"choices\":[{\"delta\":{\"role\":\"assistant\"}}]}\n\n";
    private static final String DONE = "data: [DONE]\n\n";

    @Test
    void callsAWholeStreamASuccess() {
        assertThat(verdict(STREAM, CONTENT + DONE)).isEmpty();
    }

    @Test
    void callsAWholeBodyASuccess() {
        assertThat(verdict(JSON, "{\"choices\":[{\"message\":{\"content\":\"a\"},\"finish_reason\":\"stop\"}]}"))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"error\":{\"message\":\"overloaded\",\"code\":\"server_is_overloaded\"}}",
                "data: {\"error\":{\"message\":\"overloaded\",\"code\":\"server_is_overloaded\"}}\n\n"
            })
    void findsAnErrorInsideWhateverTheContentTypePromised(String body) {
        for (String type : new String[] {STREAM, JSON, "text/plain", null}) {
            assertThat(verdict(type, body)).as("as %s", type).get().isInstanceOf(Failure.InBand.class);
        }
    }

    @Test
    void believesAnErrorThatCameAfterContent() {
        assertThat(verdict(STREAM, CONTENT + "data: {\"error\":{\"message\":\"boom\"}}\n\n" + DONE))
                .get()
                .isInstanceOf(Failure.InBand.class);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "none",
            value = {"text/event-stream", "application/json", "application/x-ndjson", "text/plain", "none"})
    void callsAnAnswerWithoutAnythingEmpty(@Nullable String type) {
        assertThat(signal(verdict(type, ""))).isEqualTo(Signal.EMPTY);
        assertThat(signal(verdict(type, " \r\n\n"))).isEqualTo(Signal.EMPTY);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "none",
            value = {"text/event-stream", "application/json", "application/x-ndjson", "text/html", "none"})
    void callsAPageMalformed(@Nullable String type) {
        assertThat(signal(verdict(type, "<!DOCTYPE html>\n<html><body>Sign in</body></html>")))
                .isEqualTo(Signal.MALFORMED);
    }

    @Test
    void callsAStreamOfKeepAlivesEmpty() {
        assertThat(signal(verdict(STREAM, ": ping\n\nevent: ping\ndata: {\"type\": \"ping\"}\n\n")))
                .isEqualTo(Signal.EMPTY);
    }

    @Test
    void callsAStreamThatEndsAfterItsLifecycleTruncated() {
        assertThat(signal(verdict(STREAM, LIFECYCLE))).isEqualTo(Signal.TRUNCATED);
    }

    @Test
    void callsAWholeStreamWithoutContentEmpty() {
        assertThat(signal(verdict(STREAM, LIFECYCLE + DONE))).isEqualTo(Signal.EMPTY);
    }

    @Test
    void callsAStreamWithoutItsTerminalMarkerTruncated() {
        assertThat(signal(verdict(STREAM, LIFECYCLE + CONTENT))).isEqualTo(Signal.TRUNCATED);
    }

    @Test
    void callsAHalfBodyTruncated() {
        assertThat(signal(verdict(JSON, "{\"choices\":[{\"message\":{\"content\":\"a\"}")))
                .isEqualTo(Signal.TRUNCATED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"choices\":[]}", "null"})
    void leavesAWholeDocumentOfAnUnknownShapeToItsReader(String body) {
        assertThat(verdict(JSON, body)).isEmpty();
    }

    @Test
    void letsAnUnknownOperationBeAnsweredWithNothing() {
        assertThat(verdict(Operation.OTHER, JSON, "")).isEmpty();
        assertThat(verdict(Operation.OTHER, "audio/mpeg", "")).isEmpty();
        assertThat(signal(verdict(Operation.OTHER, STREAM, ""))).isEqualTo(Signal.EMPTY);
    }

    @Test
    void takesABreakForTheFailureBeforeTheTerminalMarker() {
        AnswerObserver observer = observer(Operation.CHAT_COMPLETIONS, STREAM, CONTENT);

        assertThat(AnswerVerdict.atBreak(observer, Signal.IDLE_TIMEOUT, "silence"))
                .contains(new Failure.Signalled(Signal.IDLE_TIMEOUT, "silence"));
    }

    @Test
    void takesABreakAfterTheTerminalMarkerForASuccessUnlessTheDeadlineDidIt() {
        AnswerObserver observer = observer(Operation.CHAT_COMPLETIONS, STREAM, CONTENT + DONE);

        assertThat(AnswerVerdict.atBreak(observer, Signal.RESET, null)).isEmpty();
        assertThat(AnswerVerdict.atBreak(observer, Signal.DEADLINE, null)).isPresent();
    }

    @Test
    void believesTheErrorInsideMoreThanTheBreak() {
        AnswerObserver observer =
                observer(Operation.CHAT_COMPLETIONS, STREAM, "data: {\"error\":{\"message\":\"boom\"}}\n\n");

        assertThat(AnswerVerdict.atBreak(observer, Signal.RESET, null)).get().isInstanceOf(Failure.InBand.class);
    }

    @Property(tries = 400)
    void comesToTheSameVerdictWhateverTheChunks(
            @ForAll("answers") CorpusRow row, @ForAll @IntRange(min = 1, max = 40) int size) {
        byte[] bytes = row.body().getBytes(UTF_8);
        String type = row.headers().get("content-type");
        for (Operation operation :
                new Operation[] {Operation.CHAT_COMPLETIONS, Operation.RESPONSES, Operation.MESSAGES}) {
            AnswerObserver whole = AnswerObservers.of(row.dialect(), operation, type);
            AnswerObserver pieces = AnswerObservers.of(row.dialect(), operation, type);
            whole.feed(bytes, 0, bytes.length);
            for (int at = 0; at < bytes.length; at += size) {
                pieces.feed(bytes, at, Math.min(size, bytes.length - at));
            }
            whole.end();
            pieces.end();

            assertThat(AnswerVerdict.atEnd(pieces, operation))
                    .as("%s in pieces of %d", row.id(), size)
                    .isEqualTo(AnswerVerdict.atEnd(whole, operation));
        }
    }

    @Provide
    Arbitrary<CorpusRow> answers() {
        return Arbitraries.of(CorpusRow.all());
    }

    private static Signal signal(Optional<Failure> verdict) {
        return ((Failure.Signalled) verdict.orElseThrow()).signal();
    }

    private static Optional<Failure> verdict(@Nullable String type, String body) {
        return verdict(Operation.CHAT_COMPLETIONS, type, body);
    }

    private static Optional<Failure> verdict(Operation operation, @Nullable String type, String body) {
        AnswerObserver observer = observer(operation, type, body);
        observer.end();
        return AnswerVerdict.atEnd(observer, operation);
    }

    private static AnswerObserver observer(Operation operation, @Nullable String type, String body) {
        AnswerObserver observer = AnswerObservers.of(Dialect.OPENAI, operation, type);
        byte[] bytes = body.getBytes(UTF_8);
        observer.feed(bytes, 0, bytes.length);
        return observer;
    }
}
