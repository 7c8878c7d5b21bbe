package io.penstock.classify;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Spans of time inside a text. */
class TimeSpanTest {

    @ParameterizedTest
    @CsvSource({
        "4.77s,4770",
        "20ms,20",
        "0.5ms,1",
        "9m38.016s,578016",
        "6m0s,360000",
        "1h2m,3720000",
        "1h16m0.667s,4560667",
        "45 seconds,45000",
        "1 minute and 30 seconds,90000",
        "'1 hour, 5 minutes',3900000",
        "2 days,172800000",
        "10:23:45,37425000",
        "60秒,60000",
        "5 分钟,300000"
    })
    void readsASpanAndWhereItEnds(String text, long millis) {
        TimeSpan span = TimeSpan.at("in " + text + ". Then", 3).orElseThrow();

        assertThat(span.duration().toMillis()).isEqualTo(millis);
        assertThat(span.end()).isEqualTo(3 + text.length());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "s",
                "12",
                "12 tokens",
                "12%",
                "1.5.2",
                "12x",
                "12:34",
                "gpt-4",
                "1234567890123456s",
                "-5s",
                ".5s"
            })
    void takesNothingElseForOne(String text) {
        assertThat(TimeSpan.at(text, 0)).isEmpty();
    }

    @Property(tries = 500)
    void neverThrowsNorReadsPastTheEnd(@ForAll String text, @ForAll @IntRange(max = 20) int start) {
        int from = Math.min(start, text.length());
        assertThat(TimeSpan.at(text, from).stream())
                .allSatisfy(span -> assertThat(span.end()).isBetween(from, text.length()));
    }
}
