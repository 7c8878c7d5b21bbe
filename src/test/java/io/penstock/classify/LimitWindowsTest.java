package io.penstock.classify;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which of the windows that an answer tells of is the one to wait for. */
class LimitWindowsTest {
    private final LimitWindows windows =
            new LimitWindows(new WaitFormats(Clock.fixed(Instant.parse("2026-03-01T12:00:00Z"), ZoneOffset.UTC)));

    @ParameterizedTest
    @CsvSource({
        "x-ratelimit-reset-requests,8.64s,8640",
        "x-ratelimit-reset-tokens,6m0s,360000",
        "x-ratelimit-reset,20,20000",
        "x-ratelimit-reset,2026-03-01T12:00:30Z,30000",
        "x-ratelimit-reset,2026-03-01T13:00:30+01:00,30000",
        "x-ratelimit-reset,1772366430,30000",
        "x-ratelimit-reset,1772366430500,30500",
        "x-ratelimit-reset,2026-03-01T11:00:00Z,0",
        "ratelimit-reset,5,5000",
        "ratelimitbysize-reset,42,42000",
        "x-ratelimit-reset-tokens-minute,11.382,11382"
    })
    void readsASingleWindowInEveryForm(String header, String value, long millis) {
        assertThat(windows.find(Map.of(header, value)::get)).contains(new RetryHint(Duration.ofMillis(millis), header));
    }

    @Test
    void waitsForTheEmptyWindowWhateverTheOthersSay() {
        assertThat(windows.find(headers(
                        "x-ratelimit-remaining-requests", "0",
                        "x-ratelimit-reset-requests", "2s",
                        "x-ratelimit-remaining-tokens", "29000",
                        "x-ratelimit-reset-tokens", "23h59m")))
                .contains(new RetryHint(Duration.ofSeconds(2), "x-ratelimit-reset-requests"));
    }

    @Test
    void waitsForTheLastOfSeveralEmptyWindows() {
        assertThat(windows.find(headers(
                        "x-ratelimit-remaining-requests", "0",
                        "x-ratelimit-reset-requests", "2s",
                        "x-ratelimit-remaining-tokens", "0",
                        "x-ratelimit-reset-tokens", "9s")))
                .contains(new RetryHint(Duration.ofSeconds(9), "x-ratelimit-reset-tokens"));
    }

    @Test
    void waitsForTheMostUsedWindowWhereNoneIsEmpty() {
        assertThat(windows.find(headers(
                        "x-ratelimit-limit-requests", "10000",
                        "x-ratelimit-remaining-requests", "9999",
                        "x-ratelimit-reset-requests", "2s",
                        "x-ratelimit-limit-tokens", "30000",
                        "x-ratelimit-remaining-tokens", "1000",
                        "x-ratelimit-reset-tokens", "58s")))
                .contains(new RetryHint(Duration.ofSeconds(58), "x-ratelimit-reset-tokens"));
    }

    @Test
    void waitsForTheFirstWindowWhereNoSharesAreKnown() {
        assertThat(windows.find(headers("x-ratelimit-reset-requests", "24h", "x-ratelimit-reset-tokens", "3s")))
                .contains(new RetryHint(Duration.ofSeconds(3), "x-ratelimit-reset-tokens"));
    }

    @Test
    void heedsOnlyEmptyWindowsOfAnthropic() {
        assertThat(windows.find(headers(
                        "anthropic-ratelimit-requests-limit", "50",
                        "anthropic-ratelimit-requests-remaining", "49",
                        "anthropic-ratelimit-requests-reset", "2026-03-01T12:00:09Z")))
                .isEmpty();
        assertThat(windows.find(headers(
                        "anthropic-ratelimit-requests-remaining", "49",
                        "anthropic-ratelimit-requests-reset", "2026-03-01T12:00:09Z",
                        "anthropic-ratelimit-input-tokens-remaining", "0",
                        "anthropic-ratelimit-input-tokens-reset", "2026-03-01T12:00:21Z")))
                .contains(new RetryHint(Duration.ofSeconds(21), "anthropic-ratelimit-input-tokens-reset"));
    }

    @Test
    void heedsASubscriptionsWindowOnceItRejects() {
        assertThat(windows.find(headers(
                        "anthropic-ratelimit-unified-status", "rejected",
                        "anthropic-ratelimit-unified-reset", "1772370000")))
                .contains(new RetryHint(Duration.ofHours(1), "anthropic-ratelimit-unified-reset"));
        assertThat(windows.find(headers(
                        "anthropic-ratelimit-unified-status", "allowed",
                        "anthropic-ratelimit-unified-reset", "1772370000")))
                .isEmpty();
    }

    @Test
    void passesOverNonsense() {
        assertThat(windows.find(headers("x-ratelimit-reset", "soon", "x-ratelimit-remaining", "0")))
                .isEmpty();
        assertThat(windows.find(
                        headers("x-ratelimit-reset", "5", "x-ratelimit-remaining", "none", "x-ratelimit-limit", "0")))
                .contains(new RetryHint(Duration.ofSeconds(5), "x-ratelimit-reset"));
    }

    private static Failure.Headers headers(String... namesAndValues) {
        Map<String, String> headers = new HashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            headers.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return headers::get;
    }
}
