package io.penstock.classify;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The sentences of providers that name a wait. */
class WaitSentenceTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Rate limit reached for gpt-4o on tokens per min: Limit 30000. Please try again in 2s. Visit https://x | 2000",
                "Rate limit reached for model. Please try again in 4.77s | 4770",
                "Please try again in 9m38.016s. Need more tokens? | 578016",
                "Please try again in 20ms. | 20",
                "You exceeded your current quota. Please retry in 34.074824224s. | 34075",
                "Please retry after 86400 seconds. Please contact Azure | 86400000",
                "Rate limit is exceeded. Try again in 12 seconds. | 12000",
                "Out of call volume quota. Quota will be replenished in 10:23:45. | 37425000",
                "Organization Rate limit exceeded, please try again after 1 seconds | 1000",
                "Please wait 3587 seconds before retrying. | 3587000",
                "No deployments available for selected model, Try again in 60 seconds. | 60000",
                "Your quota will reset after 1h16m0s. | 4560000",
                "请在 60 秒后重试 | 60000",
                "Too many tokens, please wait before trying again in 1 minute | 60000"
            })
    void readsTheWait(String message, long millis) {
        assertThat(WaitSentence.find(Prose.of(message))).contains(Duration.ofMillis(millis));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Too many requests, please wait before trying again.",
                "Please try again later.",
                "Try again in a moment",
                "please wait 3 requests",
                "the value 'try again in 5s' is not allowed",
                "\"please retry after 30 seconds\" was refused",
                ""
            })
    void findsNoneInWhatNamesNone(String message) {
        assertThat(WaitSentence.find(Prose.of(message))).isEmpty();
    }

    @Test
    void takesAHostileTextInItsStride() {
        String hostile = "please wait ".repeat(1400);

        assertThat(WaitSentence.find(hostile)).isEmpty();
    }

    @Property(tries = 300)
    void neverThrows(@ForAll String prose) {
        assertThat(WaitSentence.find("retry in " + prose).stream())
                .allSatisfy(wait -> assertThat(wait).isBetween(Duration.ZERO, WaitFormats.LONGEST));
    }
}
