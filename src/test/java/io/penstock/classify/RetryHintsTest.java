package io.penstock.classify;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetryHintsTest {

    private final RetryHints hints = new RetryHints(Clock.fixed(Instant.parse("2026-03-01T12:00:00Z"), ZoneOffset.UTC));

    @ParameterizedTest
    @CsvSource({
        "retry-after-ms,1500,1500",
        "retry-after-ms,0.5,1",
        "retry-after,2,2000",
        "retry-after,' 2 ',2000",
        "retry-after,0,0",
        "retry-after,0.25,250",
        "retry-after,86400,86400000",
        "retry-after,'Sun, 01 Mar 2026 12:00:30 GMT',30000",
        "retry-after,'Sunday, 01-Mar-26 12:00:30 GMT',30000",
        "retry-after,'Sun Mar  1 12:00:30 2026',30000",
        "retry-after,'Sun, 01 Mar 2026 11:00:00 GMT',0"
    })
    void readsAWait(String header, String value, long millis) {
        assertThat(hints.find(Map.of(header, value)::get)).contains(new RetryHint(Duration.ofMillis(millis), header));
    }

    @Test
    void asksThePreciserHeaderFirst() {
        assertThat(hints.find(Map.of("retry-after", "2", "retry-after-ms", "1700")::get))
                .contains(new RetryHint(Duration.ofMillis(1700), "retry-after-ms"));
        assertThat(hints.find(Map.of("retry-after", "2", "retry-after-ms", "soon")::get))
                .contains(new RetryHint(Duration.ofSeconds(2), "retry-after"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "-1",
                "+1",
                "NaN",
                "Infinity",
                "1e9",
                "0x10",
                "1,5",
                ".5",
                "2.",
                "soon",
                "1 2",
                "99999999999999999999",
                "Sun, 99 Foo 2026 12:00:30 GMT"
            })
    void passesOverWhatIsNoWait(String value) {
        assertThat(hints.find(Map.of("retry-after", value, "retry-after-ms", value)::get))
                .isEmpty();
    }

    @Test
    void capsAWaitBeyondAllReason() {
        assertThat(hints.find(Map.of("retry-after", "999999999999999")::get))
                .contains(new RetryHint(RetryHints.LONGEST, "retry-after"));
        assertThat(hints.find(Map.of("retry-after", "Fri, 31 Dec 9999 23:59:59 GMT")::get))
                .contains(new RetryHint(RetryHints.LONGEST, "retry-after"));
    }

    @Property
    void neverThrowsNorLeavesItsBounds(@ForAll String value) {
        assertThat(hints.find(name -> value).stream())
                .allSatisfy(hint -> assertThat(hint.delay()).isBetween(Duration.ZERO, RetryHints.LONGEST));
    }
}
