package io.penstock.classify;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.dialect.Dialect;
import io.penstock.dialect.ErrorBodyReader;
import io.penstock.dialect.ProviderError;
import io.penstock.policy.DefaultRules;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClassifierTest {

    private static final Subject SUBJECT = new Subject(Dialect.OPENAI, "primary", "some-model", false);

    private final Classifier classifier = new Classifier(Clock.systemUTC(), DefaultRules.ruleSet());

    @ParameterizedTest
    @CsvSource({
        "400,invalid_request",
        "401,auth_error",
        "402,quota_exhausted",
        "403,auth_error",
        "404,invalid_request",
        "408,upstream_timeout",
        "413,request_too_large",
        "422,invalid_request",
        "429,rate_limit",
        "498,overloaded",
        "500,service_error",
        "502,service_error",
        "503,service_error",
        "504,upstream_timeout",
        "520,service_error",
        "524,upstream_timeout",
        "529,overloaded",
        "599,service_error",
        "301,unknown",
        "409,unknown",
        "418,unknown",
        "499,unknown",
        "600,unknown",
        "204,unknown"
    })
    void fallsBackToTheStatusWhereTheBodySaysNothing(int status, String category) {
        Classification result = classify(status, "");
        assertThat(result.category().name()).isEqualTo(category);
        assertThat(result.status()).isEqualTo(status);
        assertThat(result.answered()).isFalse();
        assertThat(result.evidence().layer())
                .isEqualTo(category.equals("unknown") ? Evidence.Layer.NONE : Evidence.Layer.STATUS);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "400|insufficient_quota|quota_exhausted",
                "403|billing_not_active|quota_exhausted",
                "500|rate_limit_exceeded|rate_limit",
                "413|rate_limit_exceeded|rate_limit",
                "400|invalid_api_key|auth_error",
                "500|engine_overloaded_error|overloaded",
                "404|model_not_found|model_not_found",
                "500|context_length_exceeded|context_limit",
                "403|content_policy_violation|content_filter",
                "424|ModelErrorException|service_error",
                "429|ModelNotReadyException|overloaded",
                "500|ModelTimeoutException|upstream_timeout",
                "429|Throttling.AllocationQuota|rate_limit",
                "403|AllocationQuota.FreeTierOnly|quota_exhausted",
                "400|some_new_rate_limit_reached_for_teams|rate_limit",
                "400|integer_above_max_value|parameter_error"
            })
    void believesACodeMoreThanTheStatus(int status, String code, String category) {
        Classification result = classify(status, error(code, "Something."));
        assertThat(result.category().name()).isEqualTo(category);
        assertThat(result.evidence()).isEqualTo(new Evidence(Evidence.Layer.PROVIDER, "error.code", code));
        assertThat(result.providerCode()).isEqualTo(code);
    }

    @ParameterizedTest
    @CsvSource({
        "429,invalid_request_error,rate_limit",
        "529,api_error,overloaded",
        "401,invalid_request_error,auth_error",
        "500,invalid_request_error,service_error",
        "404,api_error,invalid_request",
        "400,server_error,service_error",
        "409,server_error,service_error",
        "404,not_found_error,model_not_found"
    })
    void believesAGenericCodeOnlyWhereTheStatusLeavesItOpen(int status, String code, String category) {
        assertThat(classify(status, error(code, "Something.")).category().name())
                .isEqualTo(category);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "400|invalid_request_error|Your credit balance is too low to access the API.|quota_exhausted",
                "429|rate_limit_error|You exceeded your current quota, please check your plan.|quota_exhausted",
                "403|permission_error|You have run out of credits.|quota_exhausted",
                "429|rate_limit_exceeded|Limit 100000 tokens per day (TPD), used 99999.|quota_exhausted",
                "429|rate_limit_exceeded|Limit 6000 tokens per minute (TPM).|rate_limit",
                "400|invalid_request_error|API key not valid. Please pass a valid API key.|auth_error",
                "500|api_error|Overloaded|overloaded",
                "429|rate_limit|The engine is currently overloaded|rate_limit",
                "429|x|The engine is currently overloaded|overloaded",
                "400|x|The engine is currently overloaded|invalid_request",
                "503|x|Service temporarily unavailable|overloaded",
                "503|x|upstream connect error, reset reason: connection failure|service_error",
                "500|x|Service temporarily unavailable|service_error",
                "404|x|The model does not exist.|model_not_found"
            })
    void hearsAnUnmistakableWordingThatTheStatusDoesNotContradict(
            int status, String code, String message, String category) {
        assertThat(classify(status, error(code, message)).category().name()).isEqualTo(category);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Invalid value: got 'your credit balance is too low'",
                "Invalid value: got 'it says \\\"api key not valid\\\" and 'overloaded' and insufficient credits'",
                "Invalid value: got \\\"I don't know why: insufficient quota\\\".",
                "Invalid value: got `insufficient balance` here",
                "Invalid value: got \\u201cinsufficient balance\\u201d here",
                "Invalid value: got \\\"insufficient balance and so on"
            })
    void doesNotListenToWhatAMessageQuotes(String message) {
        assertThat(classify(400, error("invalid_request_error", message)).category())
                .isEqualTo(Category.INVALID_REQUEST);
    }

    @ParameterizedTest
    @ValueSource(strings = {"please explain rate limit errors", "overloaded. and so on", "what is insufficient_quota"})
    void takesNoSentenceForACode(String sentence) {
        assertThat(classify(400, error(sentence, "Something.")).category()).isEqualTo(Category.INVALID_REQUEST);
    }

    @Test
    void doesNotListenToAMessageAboutANamedField() {
        String body = "{\"error\":{\"message\":\"Bad text: insufficient credits\",\"param\":\"messages[0].content\"}}";
        assertThat(classify(400, body).category()).isEqualTo(Category.INVALID_REQUEST);
    }

    @ParameterizedTest
    @CsvSource({
        "GenerateRequestsPerMinutePerProject,rate_limit",
        "GenerateRequestsPerDayPerProjectPerModel-FreeTier,quota_exhausted",
        "tokens_per_month,quota_exhausted"
    })
    void tellsAMinutesQuotaFromADays(String quotaId, String category) {
        String body =
                "{\"error\":{\"code\":429,\"status\":\"RESOURCE_EXHAUSTED\",\"message\":\"You exceeded your current "
                        + "quota\",\"details\":[{\"@type\":\"x/google.rpc.QuotaFailure\",\"violations\":[{\"quotaId\":\""
                        + quotaId
                        + "\"}]},{\"@type\":\"x/google.rpc.RetryInfo\",\"retryDelay\":\"3s\"}]}}";
        assertThat(classify(429, body).category().name()).isEqualTo(category);
    }

    @Test
    void takesTheLongestOfSeveralExhaustedWindows() {
        String body =
                "{\"error\":{\"details\":[{\"violations\":[{\"quotaId\":\"PerMinute\"},{\"quotaId\":\"PerDay\"}]}]}}";
        assertThat(classify(429, body).category()).isEqualTo(Category.QUOTA_EXHAUSTED);
    }

    @Test
    void readsTheExceptionFromAmazonsHeader() {
        Failure.Headers headers =
                headers(Map.of("X-Amzn-ErrorType", "ThrottlingException:http://internal.amazon.com/coral/"));
        Classification result = classifier.classify(
                new Failure.Answer(400, headers, read("{\"message\":\"Too many tokens\"}")), SUBJECT);
        assertThat(result.category()).isEqualTo(Category.RATE_LIMIT);
        assertThat(result.evidence().field()).isEqualTo("x-amzn-errortype");
        assertThat(result.providerCode()).isEqualTo("ThrottlingException");
    }

    @ParameterizedTest
    @CsvSource({"400,invalid_request", "429,rate_limit", "502,service_error", "401,auth_error", "404,model_not_found"})
    void judgesAnErrorInsideAnAnswerByTheStatusThatItCarries(int code, String category) {
        Classification result = inBand("{\"error\":{\"code\":" + code + ",\"message\":\"m\"}}");
        assertThat(result.category().name()).isEqualTo(category);
        assertThat(result.evidence().field()).isEqualTo("error.code");
        assertThat(result.status()).isZero();
        assertThat(result.answered()).isTrue();
        assertThat(result.providerCode()).isEqualTo(Integer.toString(code));
    }

    @Test
    void makesUpNoStatusForAnErrorInsideAnAnswer() {
        assertThat(inBand("{\"error\":{\"message\":\"Something went wrong\"}}").category())
                .isEqualTo(Category.UNKNOWN);
        assertThat(inBand("{\"type\":\"error\",\"error\":{\"type\":\"api_error\"}}")
                        .category())
                .isEqualTo(Category.SERVICE_ERROR);
        assertThat(inBand("{\"error\":{\"type\":\"invalid_request_error\"}}").category())
                .isEqualTo(Category.INVALID_REQUEST);
    }

    @Test
    void takesNoWordingFromAPage() {
        ProviderError page = ErrorBodyReader.read(
                "<html><title>503 Service Temporarily Unavailable</title></html>".getBytes(StandardCharsets.UTF_8),
                null);
        Classification result = classifier.classify(new Failure.Answer(503, Failure.Headers.NONE, page), SUBJECT);
        assertThat(result.category()).isEqualTo(Category.SERVICE_ERROR);
        assertThat(result.answered()).isFalse();
        assertThat(result.message()).isEqualTo("503 Service Temporarily Unavailable");
    }

    @ParameterizedTest
    @EnumSource(Signal.class)
    void knowsASignalByItsIdentity(Signal signal) {
        Classification result = classifier.classify(new Failure.Signalled(signal, "rate limit, overloaded"), SUBJECT);
        assertThat(result.category()).isEqualTo(signal.category(false));
        assertThat(result.evidence()).isEqualTo(new Evidence(Evidence.Layer.SIGNAL, "signal", signal.label()));
        assertThat(result.message()).isEqualTo("rate limit, overloaded");
        assertThat(result.answered()).isFalse();
    }

    @Test
    void namesATruncationByTheCommit() {
        Failure cut = new Failure.Signalled(Signal.TRUNCATED, null);
        assertThat(classifier.classify(cut, SUBJECT).category()).isEqualTo(Category.PROTOCOL_ERROR);
        assertThat(classifier
                        .classify(cut, new Subject(Dialect.OPENAI, "primary", null, true))
                        .category())
                .isEqualTo(Category.STREAM_TRUNCATED);
    }

    @ParameterizedTest
    @CsvSource({"true,true", "FALSE,false", "maybe,"})
    void passesOnWhatTheProviderSaysOfRetries(String value, Boolean shouldRetry) {
        Failure.Headers headers = headers(Map.of("x-should-retry", value, "retry-after", "7"));
        Classification result = classifier.classify(new Failure.Answer(429, headers, ProviderError.ABSENT), SUBJECT);
        assertThat(result.shouldRetry()).isEqualTo(shouldRetry);
        assertThat(result.retryAfter()).isEqualTo(Duration.ofSeconds(7));
    }

    @Test
    void failsOverOnAnUnknownFailureUnlessItIsAConsidered4xx() {
        assertThat(classify(499, "{\"error\":\"request canceled\"}").allowsFailover())
                .isFalse();
        assertThat(classify(499, "").allowsFailover()).isTrue();
    }

    private Classification inBand(String json) {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        ProviderError error = Objects.requireNonNull(ErrorBodyReader.fromJson(bytes, 0, bytes.length));
        return classifier.classify(new Failure.InBand(error), SUBJECT);
    }

    private Classification classify(int status, String body) {
        return classifier.classify(new Failure.Answer(status, Failure.Headers.NONE, read(body)), SUBJECT);
    }

    private static String error(String code, String message) {
        return "{\"error\":{\"code\":\"" + code + "\",\"message\":\"" + message + "\"}}";
    }

    private static ProviderError read(String body) {
        return ErrorBodyReader.read(body.getBytes(StandardCharsets.UTF_8), "application/json");
    }

    private static Failure.Headers headers(Map<String, String> values) {
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        headers.putAll(values);
        return headers::get;
    }
}
