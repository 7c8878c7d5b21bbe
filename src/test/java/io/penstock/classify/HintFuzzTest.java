package io.penstock.classify;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.penstock.dialect.Dialect;
import io.penstock.dialect.ErrorBodyReader;
import io.penstock.policy.DefaultRules;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;

/** Whatever a peer says about time, a hint is a wait within bounds, and finding it does not throw. */
class HintFuzzTest {
    private final WaitFormats formats =
            new WaitFormats(Clock.fixed(Instant.parse("2026-03-01T12:00:00Z"), ZoneOffset.UTC));
    private final Classifier classifier = new Classifier(Clock.systemUTC(), DefaultRules.ruleSet());

    @FuzzTest
    void readsAnyWait(byte[] input) {
        String text = new String(input, UTF_8);

        formats.any(text).ifPresent(HintFuzzTest::assertBounded);
        formats.milliseconds(text).ifPresent(HintFuzzTest::assertBounded);
        WaitSentence.find(Prose.of("Please try again in " + text)).ifPresent(HintFuzzTest::assertBounded);
        WaitSentence.find(Prose.of(text)).ifPresent(HintFuzzTest::assertBounded);
    }

    @FuzzTest
    void classifiesAnyAnswer(byte[] body) {
        String text = new String(body, UTF_8);
        for (int status : new int[] {400, 404, 429, 503}) {
            Classification classified = classifier.classify(
                    new Failure.Answer(status, name -> text, ErrorBodyReader.read(body, null)),
                    new Subject(Dialect.OPENAI, "up", "m", false));
            if (classified.retryAfter() != null) {
                assertBounded(classified.retryAfter());
            }
        }
    }

    private static void assertBounded(Duration wait) {
        assertThat(wait).isBetween(Duration.ZERO, WaitFormats.LONGEST);
    }
}
