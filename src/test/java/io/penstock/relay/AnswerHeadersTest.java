package io.penstock.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.classify.Category;
import io.penstock.classify.Classification;
import io.penstock.classify.Evidence;
import io.penstock.classify.RetryHint;
import io.penstock.classify.RuleTrace;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnswerHeadersTest {
    private static final Duration CAP = Duration.ofSeconds(60);
    private static final boolean TRIED = true;

    private final MultiMap headers = HttpHeaders.headers();

    private static Classification error(Category category, int status, @Nullable Duration wait) {
        Evidence evidence = new Evidence(Evidence.Layer.STATUS, "status", Integer.toString(status));
        return new Classification(
                category,
                category.reaction(),
                evidence,
                status,
                true,
                null,
                null,
                wait == null ? null : new RetryHint(wait, "retry-after"),
                null,
                RuleTrace.NONE);
    }

    @Test
    void namesTheFailure() {
        AnswerHeaders.explain(headers, error(Category.OVERLOADED, 529, null), 529, TRIED, CAP);
        assertThat(headers.get("x-penstock-error-type")).isEqualTo("overloaded");
        assertThat(headers.get("x-penstock-category")).isEqualTo("overloaded");
        assertThat(headers.get("x-penstock-retryable")).isEqualTo("true");
    }

    @Test
    void saysWhenToComeAgainWhereTheProviderSaidItElsewhere() {
        AnswerHeaders.explain(headers, error(Category.RATE_LIMIT, 429, Duration.ofMillis(4_001)), 429, TRIED, CAP);
        assertThat(headers.get("retry-after")).isEqualTo("5");
        assertThat(headers.contains("x-should-retry")).isFalse();
    }

    @Test
    void putsSecondsInThePlaceOfADate() {
        headers.set("retry-after", "Thu, 01 Jan 2026 12:00:30 GMT");
        AnswerHeaders.explain(headers, error(Category.RATE_LIMIT, 429, Duration.ofSeconds(30)), 429, TRIED, CAP);
        assertThat(headers.get("retry-after")).isEqualTo("30");
    }

    @ParameterizedTest
    @CsvSource({"retry-after, 86400, 60", "retry-after, 61.5, 60", "retry-after-ms, 60001, 60000", "retry-after, 59, 59"
    })
    void capsAWaitThatIsTooLong(String name, String given, String passedOn) {
        headers.set(name, given);
        AnswerHeaders.explain(headers, error(Category.SERVICE_ERROR, 500, null), 500, TRIED, CAP);
        assertThat(headers.get(name)).isEqualTo(passedOn);
    }

    @Test
    void capsEvenTheWaitForAQuotaThatNoWaitMends() {
        headers.set("retry-after", "2592000");
        AnswerHeaders.explain(headers, error(Category.QUOTA_EXHAUSTED, 429, Duration.ofDays(30)), 429, TRIED, CAP);
        assertThat(headers.get("retry-after")).isEqualTo("60");
        assertThat(headers.get("x-penstock-retryable")).isEqualTo("false");
        assertThat(headers.get("x-should-retry")).isEqualTo("false");
    }

    @ParameterizedTest
    @CsvSource({"408", "409", "429", "500", "503", "529"})
    void keepsClientsFromRetryingWhatWasRetried(int status) {
        AnswerHeaders.explain(headers, error(Category.SERVICE_ERROR, status, null), status, TRIED, CAP);
        assertThat(headers.get("x-should-retry")).isEqualTo("false");
    }

    @Test
    void letsClientsRetryWhatWasTriedOnce() {
        AnswerHeaders.explain(headers, error(Category.SERVICE_ERROR, 500, null), 500, !TRIED, CAP);
        assertThat(headers.contains("x-should-retry")).isFalse();
    }

    @Test
    void saysNothingOfRetriesWhereNoClientWouldRetry() {
        AnswerHeaders.explain(headers, error(Category.CONTEXT_LIMIT, 400, null), 400, TRIED, CAP);
        assertThat(headers.contains("x-should-retry")).isFalse();
        assertThat(headers.get("x-penstock-retryable")).isEqualTo("false");
    }
}
