package io.penstock.classify;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.dialect.Dialect;
import io.penstock.dialect.ErrorBodyReader;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Objects;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetryHintsTest {

    private static final Clock NOON = Clock.fixed(Instant.parse("2026-03-01T12:00:00Z"), ZoneOffset.UTC);

    private final RetryHints hints = new RetryHints(NOON);
    private final Classifier classifier = new Classifier(NOON, RuleSet.EMPTY);

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
        assertThat(hints.asked(Map.of(header, value)::get)).contains(new RetryHint(Duration.ofMillis(millis), header));
    }

    @Test
    void asksThePreciserHeaderFirst() {
        assertThat(hints.asked(Map.of("retry-after", "2", "retry-after-ms", "1700")::get))
                .contains(new RetryHint(Duration.ofMillis(1700), "retry-after-ms"));
        assertThat(hints.asked(Map.of("retry-after", "2", "retry-after-ms", "soon")::get))
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
        assertThat(hints.asked(Map.of("retry-after", value, "retry-after-ms", value)::get))
                .isEmpty();
    }

    @Test
    void capsAWaitBeyondAllReason() {
        assertThat(hints.asked(Map.of("retry-after", "999999999999999")::get))
                .contains(new RetryHint(RetryHints.LONGEST, "retry-after"));
        assertThat(hints.asked(Map.of("retry-after", "Fri, 31 Dec 9999 23:59:59 GMT")::get))
                .contains(new RetryHint(RetryHints.LONGEST, "retry-after"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'error':{'code':429,'details':[{'@type':'type.googleapis.com/google.rpc.RetryInfo','retryDelay':'34.07s'}]}}"
                        + " | error.retryDelay | 34070",
                "{'error':{'code':429,'details':[{'reason':'RATE_LIMIT_EXCEEDED','metadata':{'quotaResetDelay':'373.801628ms'}}]}}"
                        + " | error.quotaResetDelay | 374",
                "{'error':{'message':'slow down','code':'rate_limit_exceeded','retry_after':7}} | error.retry_after | 7000",
                "{'error':{'code':'rate_limit_exceeded'},'retry_after_ms':1500} | error.retry_after_ms | 1500",
                "{'error':{'type':'usage_limit_reached','resets_at':1772370000}} | error.resets_at | 3600000",
                "{'error':{'type':'usage_limit_reached','resets_in_seconds':13872}} | error.resets_in_seconds | 13872000",
                "{'error':'Model x is currently loading','estimated_time':20.0} | error.estimated_time | 20000",
                "{'error':{'code':429,'message':'m','metadata':{'headers':{'X-RateLimit-Remaining':'0','X-RateLimit-Reset':'1772366430000'}}}}"
                        + " | error.headers.x-ratelimit-reset | 30000",
                "{'error':{'code':429,'message':'m','metadata':{'headers':{'Retry-After':'12'}}}} | error.headers.retry-after | 12000",
                "{'error':{'code':429,'message':'Please try again in 4.77s'}} | error.message | 4770"
            })
    void readsAWaitFromTheBody(String body, String source, long millis) {
        assertThat(hint(429, Map.of(), body.replace('\'', '"')))
                .isEqualTo(new RetryHint(Duration.ofMillis(millis), source));
    }

    @Test
    void asksWhatSpeaksOfThisRefusalBeforeWhatSpeaksOfTheLimit() {
        String body = "{\"error\":{\"code\":429,\"message\":\"Please try again in 3s\",\"retry_after\":2}}";
        Map<String, String> windows = Map.of("x-ratelimit-reset-tokens", "58s");
        Map<String, String> both = Map.of("x-ratelimit-reset-tokens", "58s", "retry-after", "1");

        assertThat(hint(429, both, body).source()).isEqualTo("retry-after");
        assertThat(hint(429, windows, body).source()).isEqualTo("error.retry_after");
        assertThat(hint(429, windows, body.replace("retry_after", "r")).source())
                .isEqualTo("error.message");
        assertThat(hint(429, windows, "{\"error\":{\"code\":429}}").source()).isEqualTo("x-ratelimit-reset-tokens");
    }

    @ParameterizedTest
    @CsvSource({
        "400,invalid_request_error",
        "400,context_length_exceeded",
        "401,invalid_api_key",
        "404,model_not_found",
        "413,request_too_large"
    })
    void givesNoHintWhereWaitingMendsNothing(int status, String code) {
        String body =
                "{\"error\":{\"code\":\"" + code + "\",\"message\":\"please try again in 5s\",\"retry_after\":9}}";

        assertThat(classify(status, Map.of("retry-after", "3", "x-ratelimit-reset", "4"), body)
                        .retryHint())
                .isNull();
    }

    @Test
    void takesNoThrottlesWaitForTheResetOfAnEmptyAccount() {
        String empty = "{\"error\":{\"code\":\"insufficient_quota\",\"message\":\"Check your plan.\"}}";

        assertThat(classify(429, Map.of("retry-after", "2"), empty).retryHint()).isNull();
        assertThat(classify(429, Map.of("retry-after-ms", "59999", "x-ratelimit-reset", "30"), empty)
                        .retryHint())
                .isNull();
        assertThat(classify(429, Map.of(), empty.replace("Check", "Please try again in 20s. Check"))
                        .retryHint())
                .isNull();
        assertThat(classify(
                                429,
                                Map.of(),
                                "{\"error\":{\"code\":429,\"details\":[{\"violations\":[{\"quotaId\":\"GenerateRequestsPerDayPerProject\"}]},"
                                        + "{\"@type\":\"type.googleapis.com/google.rpc.RetryInfo\",\"retryDelay\":\"34s\"}]}}")
                        .retryHint())
                .isNull();
    }

    @Test
    void keepsTheResetOfAnEmptyAccount() {
        String empty = "{\"error\":{\"code\":\"insufficient_quota\",\"message\":\"Check your plan.\"}}";

        assertThat(hint(429, Map.of("retry-after", "86400"), empty))
                .isEqualTo(new RetryHint(Duration.ofDays(1), "retry-after"));
        assertThat(hint(429, Map.of("retry-after", "2", "x-ratelimit-reset-requests", "6h0m0s"), empty))
                .isEqualTo(new RetryHint(Duration.ofHours(6), "x-ratelimit-reset-requests"));
        assertThat(hint(429, Map.of("retry-after", "2", "x-ratelimit-reset-tokens-day", "30"), empty))
                .isEqualTo(new RetryHint(Duration.ofSeconds(30), "x-ratelimit-reset-tokens-day"));
        assertThat(hint(429, Map.of(), "{\"error\":{\"type\":\"usage_limit_reached\",\"resets_in_seconds\":42}}"))
                .isEqualTo(new RetryHint(Duration.ofSeconds(42), "error.resets_in_seconds"));
        assertThat(
                        hint(
                                429,
                                Map.of("retry-after", "2"),
                                "{\"error\":{\"message\":\"Rate limit reached on tokens per day (TPD). Please try again in 17.28s.\"}}"))
                .isEqualTo(new RetryHint(Duration.ofMillis(17_280), "error.message"));
    }

    @Test
    void readsNoWaitFromWhatTheProviderQuotes() {
        assertThat(classify(
                                429,
                                Map.of(),
                                "{\"error\":{\"code\":429,\"message\":\"Limited while you asked 'please try again in 5s'.\"}}")
                        .retryHint())
                .isNull();
    }

    @Test
    void takesASentenceOrAWindowOnlyForALimit() {
        assertThat(classify(
                                500,
                                Map.of("x-ratelimit-reset", "4"),
                                "{\"error\":{\"message\":\"Internal error. Please try again in 5s\"}}")
                        .retryHint())
                .isNull();
        assertThat(hint(500, Map.of("retry-after", "4"), "").source()).isEqualTo("retry-after");
    }

    /** Some providers tell the account's windows on every answer; one that opens in milliseconds is no wait. */
    @Test
    void takesNoWindowOfTheAccountForAnOverload() {
        Map<String, String> windows =
                Map.of("x-ratelimit-reset-requests", "6ms", "x-ratelimit-remaining-requests", "9");
        String body = "{\"error\":{\"code\":\"server_is_overloaded\",\"message\":\"%s\"}}";

        Classification overloaded = classify(503, windows, body.formatted("Please try again later."));

        assertThat(overloaded.category()).isEqualTo(Category.OVERLOADED);
        assertThat(overloaded.retryHint()).isNull();
        assertThat(hint(503, windows, body.formatted("Please try again in 5s.")).source())
                .isEqualTo("error.message");
    }

    @Test
    void takesNoWindowWithSomethingLeftForTheEndOfAnEmptyAccount() {
        String body = "{\"error\":{\"message\":\"You exceeded your current quota\",\"code\":\"insufficient_quota\"}}";
        Map<String, String> open = Map.of(
                "x-ratelimit-limit-requests", "10000",
                "x-ratelimit-remaining-requests", "9999",
                "x-ratelimit-reset-requests", "6ms");
        Map<String, String> usedUp = Map.of(
                "x-ratelimit-limit-requests", "10000",
                "x-ratelimit-remaining-requests", "0",
                "x-ratelimit-reset-requests", "9h");

        assertThat(classify(429, open, body).category()).isEqualTo(Category.QUOTA_EXHAUSTED);
        assertThat(classify(429, open, body).retryHint()).isNull();
        assertThat(hint(429, usedUp, body).delay()).isEqualTo(Duration.ofHours(9));
    }

    private RetryHint hint(int status, Map<String, String> headers, String body) {
        return Objects.requireNonNull(classify(status, headers, body).retryHint());
    }

    private Classification classify(int status, Map<String, String> headers, String body) {
        return classifier.classify(
                new Failure.Answer(
                        status, headers::get, ErrorBodyReader.read(body.getBytes(UTF_8), "application/json")),
                new Subject(Dialect.OPENAI, "up", "m", false));
    }

    @Property
    void neverThrowsNorLeavesItsBounds(@ForAll String value) {
        assertThat(hints.asked(name -> value).stream())
                .allSatisfy(hint -> assertThat(hint.delay()).isBetween(Duration.ZERO, RetryHints.LONGEST));
    }
}
