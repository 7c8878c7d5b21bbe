package io.penstock.dialect;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Whatever bytes a peer sends, the readers do not throw, keep to their bounds, and see the same whatever the chunks. Without
 * {@code JAZZER_FUZZ} the seeds are run, and the inputs that once failed; CONTRIBUTING.md says how to fuzz.
 */
class DialectFuzzTest {
    private static final int LONGEST = 16 * 1024;

    @FuzzTest
    void readsAnyErrorBody(byte[] body) {
        for (String contentType : Arrays.asList(null, "application/json", "text/html")) {
            ProviderError error = ErrorBodyReader.read(body, contentType);
            assertBounded(error);
            assertThat(ErrorBodyReader.read(body, contentType)).isEqualTo(error);
        }
        ProviderError inBand = ErrorBodyReader.fromJson(body, 0, body.length);
        if (inBand != null) {
            assertBounded(inBand);
        }
        String text = new String(body, UTF_8);
        InnerDocument.exceptions(text).forEach(name -> assertThat(name).hasSizeLessThan(LONGEST));
        assertThat(PythonLiteral.dictionary(text, 0)).hasSizeLessThan(6 * text.length() + 1);
    }

    @FuzzTest
    void cutsAnyEventStream(byte[] input) {
        assertSameFrames(SseParser::new, input);
    }

    @FuzzTest
    void cutsAnyLines(byte[] input) {
        assertSameFrames(NdjsonParser::new, input);
    }

    @FuzzTest
    void observesAnyAnswer(byte[] input) {
        for (Operation operation : Operation.values()) {
            for (String type : List.of("text/event-stream", "application/json", "application/x-ndjson", "text/plain")) {
                Supplier<AnswerObserver> observer = () -> AnswerObservers.of(Dialect.OPENAI, operation, type);
                AnswerObserver pieces = observer.get();
                AnswerObserver whole = observer.get();
                assertThat(Observation.ofChunks(pieces, chunks(input)))
                        .isEqualTo(Observation.ofWhole(whole, stream(input)));
                assertThat(pieces.begun()).isEqualTo(whole.begun());
                assertThat(pieces.malformed()).isEqualTo(whole.malformed());
            }
        }
        for (Dialect dialect : Dialect.values()) {
            AnswerObserver observer = Transcript.observe(dialect, new String(stream(input), UTF_8), true, null);
            observer.end();
            assertThat(observer.frames()).isNotNegative();
        }
    }

    /** The frames are the same at once and in pieces of the size that the first byte gives. */
    private static void assertSameFrames(Supplier<FrameParser> parser, byte[] input) {
        List<String> whole = frames(parser.get(), List.of(stream(input)));

        assertThat(frames(parser.get(), chunks(input))).isEqualTo(whole);
        assertThat(whole).allSatisfy(frame -> assertThat(frame.length()).isLessThan(FrameParser.MAX_FRAME + 512));
    }

    private static List<String> frames(FrameParser parser, List<byte[]> chunks) {
        List<String> frames = new ArrayList<>();
        chunks.forEach(chunk -> parser.feed(chunk, 0, chunk.length, event -> frames.add(shown(event))));
        SseEvent last = parser.end();
        if (last != null) {
            frames.add("cut off: " + shown(last));
        }
        return frames;
    }

    private static String shown(SseEvent event) {
        return event.name() + "|" + event.oversized() + "|" + event.text();
    }

    private static byte[] stream(byte[] input) {
        return input.length == 0 ? input : Arrays.copyOfRange(input, 1, input.length);
    }

    private static List<byte[]> chunks(byte[] input) {
        return Chunks.cut(stream(input), List.of(input.length == 0 ? 1 : 1 + (input[0] & 0x3f)));
    }

    private static void assertBounded(ProviderError error) {
        Stream.of(error.message(), error.code(), error.type(), error.status(), error.param(), error.body())
                .forEach(text -> assertThat(text == null ? "" : text).hasSizeLessThanOrEqualTo(LONGEST));
        assertThat(error.reasons()).hasSizeLessThanOrEqualTo(32).allSatisfy(reason -> assertThat(reason)
                .hasSizeLessThanOrEqualTo(256));
        assertThat(error.waits()).hasSizeLessThanOrEqualTo(16);
    }
}
