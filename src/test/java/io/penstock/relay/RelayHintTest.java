package io.penstock.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.classify.Category;
import io.penstock.classify.RuleSet;
import io.penstock.dialect.Dialect;
import io.penstock.policy.DefaultRules;
import io.penstock.record.Interception.Outcome;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The scenario table by how a provider tells that, and for how long, it must not be asked again: each form is waited for to
 * the nanosecond where there is time for it, and where there is none another upstream is asked at once. It is noon.
 */
class RelayHintTest {
    private static final RuleSet RULES = DefaultRules.ruleSet();
    private static final Duration A_MOMENT = Duration.ofNanos(1);

    /** milliseconds | header | value */
    private static final String HEADERS = """
            1250   | retry-after-ms                          | 1250
            1300   | retry-after-ms                          | 1299.5
            7000   | retry-after                             | 7
            2250   | retry-after                             | 2.25
            30000  | retry-after                             | Thu, 01 Jan 2026 12:00:30 GMT
            4500   | x-ms-retry-after-ms                     | 4500
            360000 | x-ratelimit-reset-requests              | 6m0s
            8200   | x-ratelimit-reset-tokens                | 8.2s
            950    | x-ratelimit-reset-tokens                | 950ms
            12000  | x-ratelimit-reset                       | 12
            15000  | x-ratelimit-reset                       | 1767268815
            15000  | x-ratelimit-reset                       | 1767268815000
            45000  | x-ratelimit-reset-requests              | 2026-01-01T12:00:45Z
            9000   | ratelimit-reset                         | 9
            """;

    /** milliseconds | header | value, beside an empty window of its kind. */
    private static final String ANTHROPIC_WINDOWS = """
            20000 | anthropic-ratelimit-requests-reset      | 2026-01-01T12:00:20Z
            25000 | anthropic-ratelimit-tokens-reset        | 2026-01-01T12:00:25Z
            26000 | anthropic-ratelimit-input-tokens-reset  | 2026-01-01T12:00:26Z
            27000 | anthropic-ratelimit-output-tokens-reset | 2026-01-01T12:00:27Z
            """;

    /** milliseconds | sentence of the message */
    private static final String SENTENCES = """
            4770   | Rate limit reached for requests. Please try again in 4.77s.
            578016 | Rate limit reached for tokens per minute. Please try again in 9m38.016s.
            320    | Rate limit reached for requests. Please try again in 320ms.
            3000   | Rate limit reached, please retry after 3 seconds.
            """;

    private final Rig rig = new Rig().rules(RULES);

    /** A 429 that names a wait, to somebody who asked in one of the ways. */
    record Hint(Asked asked, String form, Duration time, Script refusal) {
        @Override
        public String toString() {
            return form + " (" + asked + ")";
        }
    }

    static Stream<Hint> hints() {
        return Asked.inEveryWay().flatMap(asked -> Stream.of(
                        headers(asked, HEADERS),
                        asked.tongue() == Tongue.MESSAGES ? headers(asked, ANTHROPIC_WINDOWS) : Stream.<Hint>empty(),
                        sentences(asked),
                        asked.tongue().dialect == Dialect.GEMINI ? retryInfo(asked) : Stream.<Hint>empty())
                .flatMap(forms -> forms));
    }

    private static Stream<Hint> headers(Asked asked, String table) {
        ProviderSays limited = ProviderSays.of(Category.RATE_LIMIT, asked.tongue().dialect);
        return table.lines().map(line -> line.split("\\s*\\|\\s*", -1)).map(cells -> {
            String remaining = cells[1].replace("reset", "remaining");
            String[] headers = remaining.equals(cells[1])
                    ? new String[] {cells[1], cells[2]}
                    : new String[] {cells[1], cells[2], remaining, "0"};
            return new Hint(asked, cells[1] + ": " + cells[2], millis(cells[0]), asked.refuses(limited, headers));
        });
    }

    private static Stream<Hint> sentences(Asked asked) {
        ProviderSays limited = ProviderSays.of(Category.RATE_LIMIT, asked.tongue().dialect);
        return SENTENCES.lines().map(line -> line.split("\\s*\\|\\s*", -1)).flatMap(cells -> {
            ProviderSays told = new ProviderSays(
                    Category.RATE_LIMIT, 429, cells[1], limited.error().replace(limited.message(), cells[1]));
            return Stream.of(
                    new Hint(asked, cells[1], millis(cells[0]), asked.refuses(told)),
                    new Hint(asked, "inside a 200: " + cells[1], millis(cells[0]), asked.fails(told)));
        });
    }

    private static Stream<Hint> retryInfo(Asked asked) {
        ProviderSays limited = ProviderSays.of(Category.RATE_LIMIT, asked.tongue().dialect);
        String details =
                ",\"details\":[{\"@type\":\"type.googleapis.com/google.rpc.RetryInfo\",\"retryDelay\":\"34.5s\"}]}";
        String error = limited.error().substring(0, limited.error().length() - 1) + details;
        ProviderSays told = new ProviderSays(Category.RATE_LIMIT, 429, limited.message(), error);
        return Stream.of(
                new Hint(asked, "RetryInfo", Duration.ofMillis(34_500), asked.refuses(told)),
                new Hint(asked, "inside a 200: RetryInfo", Duration.ofMillis(34_500), asked.fails(told)));
    }

    private static Duration millis(String cell) {
        return Duration.ofMillis(Long.parseLong(cell));
    }

    @ParameterizedTest
    @MethodSource("hints")
    void waitsForExactlyAsLongAsTheProviderAsks(Hint hint) {
        hint.asked().of(rig).deadline(Duration.ofMinutes(10).plus(A_MOMENT));
        FakeUpstream a = rig.upstream("a", hint.refusal(), hint.asked().answers());
        rig.upstream("b");
        rig.start();
        rig.timers.advance(hint.time().minus(A_MOMENT));
        assertThat(a.calls()).isEqualTo(1);
        rig.timers.advance(A_MOMENT);
        assertThat(a.calls()).isEqualTo(2);
        assertThat(rig.record().outcome()).isEqualTo(Outcome.SUCCESS);
        assertThat(rig.interceptions.attempts()).containsExactly("a first rate_limit", "a retry ok");
        assertThat(rig.interceptions.only().attempts().get(1).waited()).isEqualTo(hint.time());
        assertThat(rig.client.text()).isEqualTo(hint.asked().answer());
    }

    @ParameterizedTest
    @MethodSource("hints")
    void asksAnotherAtOnceWhereTheDeadlineComesFirst(Hint hint) {
        hint.asked().of(rig).deadline(hint.time());
        FakeUpstream a = rig.upstream("a", hint.refusal());
        rig.upstream("b", hint.asked().answers());
        rig.start();
        assertThat(rig.record().duration()).isZero();
        assertThat(rig.interceptions.attempts()).containsExactly("a first rate_limit", "b failover ok");
        assertThat(a.breaker.verdicts()).containsExactly("succeeded");
        assertThat(rig.client.text()).isEqualTo(hint.asked().answer());
    }
}
