package io.penstock.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.classify.Category;
import io.penstock.classify.Rule;
import io.penstock.classify.RuleField;
import io.penstock.classify.RuleMatch;
import io.penstock.classify.RuleResponse;
import io.penstock.classify.RuleScope;
import io.penstock.classify.RuleSet;
import io.penstock.classify.RuleSource;
import io.penstock.dialect.Dialect;
import io.vertx.core.http.HttpMethod;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What the application gets where a rule answers in the provider's place. */
class RelayRuleResponseTest {
    private static final String SENTENCE = "The day's budget is gone";
    private static final String GONE = Wire.error("billing", "partner_7", "Partner budget used up.");

    private final Rig rig = new Rig();

    private static RuleSet answering(@Nullable Integer status, @Nullable String message, @Nullable String body) {
        return rule(RuleField.MESSAGE, "budget used up", Category.QUOTA_EXHAUSTED, status, message, body);
    }

    private static RuleSet rule(
            RuleField field,
            String pattern,
            Category category,
            @Nullable Integer status,
            @Nullable String message,
            @Nullable String body) {
        Rule rule = new Rule(
                "partner-budget",
                RuleSource.OPERATOR,
                RuleMatch.CONTAINS,
                pattern,
                field,
                category,
                RuleScope.ALL,
                100,
                true,
                false,
                null,
                null,
                new RuleResponse(status, message, body),
                "",
                Rule.Examples.NONE);
        return new RuleSet("v1", List.of(rule), List.of());
    }

    static Stream<Arguments> envelopes() {
        return Stream.of(
                Arguments.of(Dialect.OPENAI, "/v1/chat/completions", """
                        {"error":{"message":"The day's budget is gone","type":"rate_limit_error","param":null,"code":"quota_exhausted"}}"""),
                Arguments.of(Dialect.ANTHROPIC, "/v1/messages", """
                        {"type":"error","error":{"type":"rate_limit_error","message":"The day's budget is gone"}}"""),
                Arguments.of(Dialect.GEMINI, "/v1beta/models/gemini-pro:generateContent", """
                        {"error":{"code":429,"message":"The day's budget is gone","status":"RESOURCE_EXHAUSTED"}}"""));
    }

    @ParameterizedTest
    @MethodSource("envelopes")
    void answersWithTheRulesMessageInTheDialectsEnvelope(Dialect dialect, String path, String envelope) {
        rig.asks(dialect, HttpMethod.POST, path, Wire.REQUEST).rules(answering(429, SENTENCE, null));
        rig.upstream(
                "a",
                Script.json(
                        402,
                        GONE,
                        "content-encoding",
                        "identity",
                        "etag",
                        "\"x\"",
                        "content-length",
                        Integer.toString(GONE.length()),
                        "x-request-id",
                        "req-1"));
        rig.start();
        assertThat(rig.failure().category()).isEqualTo(Category.QUOTA_EXHAUSTED);
        assertThat(rig.failure().rule()).isEqualTo("partner-budget");
        assertThat(rig.failure().message()).isEqualTo("Partner budget used up.");
        assertThat(rig.failure().status()).isEqualTo(402);
        assertThat(rig.record().httpStatus()).isEqualTo(429);
        assertThat(rig.record().responseBytes()).isEqualTo(envelope.length());
        assertThat(rig.record().attempts()).extracting("status").containsExactly(402);
        assertThat(rig.client.status()).isEqualTo(429);
        assertThat(rig.client.text()).isEqualTo(envelope);
        assertThat(rig.client.header("content-type")).isEqualTo("application/json");
        assertThat(rig.client.header("content-length")).isEqualTo(Integer.toString(envelope.length()));
        assertThat(rig.client.header("content-encoding")).isNull();
        assertThat(rig.client.header("etag")).isNull();
        assertThat(rig.client.header("x-request-id")).isEqualTo("req-1");
        assertThat(rig.client.header("x-penstock-category")).isEqualTo("quota_exhausted");
        assertThat(rig.client.header("x-penstock-upstream")).isEqualTo("a");
        assertThat(rig.client.header("x-should-retry")).isEqualTo("false");
        assertThat(rig.client.ended()).isTrue();
    }

    @Test
    void keepsTheStatusAndTheWaitWhereTheRuleSaysOnlyTheMessage() {
        rig.rules(rule(RuleField.CODE, "rate_limit_exceeded", Category.RATE_LIMIT, null, SENTENCE, null));
        rig.upstream(
                "a", new FakeUpstream.Settings().retries(0), Script.json(429, Wire.RATE_LIMITED, "retry-after", "7"));
        rig.start();
        assertThat(rig.failure().category()).isEqualTo(Category.RATE_LIMIT);
        assertThat(rig.client.status()).isEqualTo(429);
        assertThat(rig.client.header("retry-after")).isEqualTo("7");
        assertThat(rig.client.text()).contains(SENTENCE).doesNotContain("Slow down");
    }

    @Test
    void answersWithTheRulesWholeBody() {
        String body = "{\"error\":{\"message\":\"Frag morgen wieder: \u00fc\"}}";
        rig.rules(answering(503, null, body));
        rig.upstream("a", Script.json(402, GONE));
        rig.start();
        rig.record();
        assertThat(rig.client.status()).isEqualTo(503);
        assertThat(rig.client.text()).isEqualTo(body);
        assertThat(rig.client.header("content-length")).isEqualTo(Integer.toString(body.length() + 1));
    }

    @Test
    void changesNothingButTheStatusWhereTheRuleSaysOnlyThat() {
        rig.rules(answering(429, null, null));
        rig.upstream("a", Script.json(402, GONE, "x-request-id", "req-1"));
        rig.start();
        assertThat(rig.record().attempts()).extracting("status").containsExactly(402);
        assertThat(rig.client.status()).isEqualTo(429);
        assertThat(rig.client.text()).isEqualTo(GONE);
        assertThat(rig.client.header("x-request-id")).isEqualTo("req-1");
    }

    @Test
    void answersInTheRulesWordsWhereTheProvidersAreMasked() {
        rig.rules(answering(402, SENTENCE, null));
        rig.upstream(
                "a",
                new FakeUpstream.Settings().keys("sk-first-key-0001"),
                Script.json(429, GONE, "openai-organization", "org-secret"));
        rig.start();
        // The second finds the key at rest: nobody is asked, and the answer is the same.
        for (Rig seen : List.of(rig, rig.another().start())) {
            assertThat(seen.failure().message()).isEqualTo("Partner budget used up.");
            assertThat(seen.failure().rule()).isEqualTo("partner-budget");
            assertThat(seen.client.status()).isEqualTo(402);
            assertThat(seen.client.text()).contains(SENTENCE).doesNotContain("Penstock");
            assertThat(seen.client.header("openai-organization")).isNull();
        }
    }

    @Test
    void keepsTheMaskWhereTheRuleSaysOnlyTheStatus() {
        rig.rules(answering(503, null, null));
        rig.upstream("a", new FakeUpstream.Settings().keys("sk-first-key-0001"), Script.json(429, GONE));
        rig.start();
        rig.record();
        assertThat(rig.client.status()).isEqualTo(503);
        assertThat(rig.client.text()).contains("Penstock: the account").doesNotContain("Partner");
    }

    @Test
    void keepsAMasksStatusWhereTheRuleSaysOnlyTheMessage() {
        rig.rules(rule(RuleField.CODE, "invalid_api_key", Category.AUTH_ERROR, null, SENTENCE, null));
        rig.upstream("a", new FakeUpstream.Settings().keys("sk-first-key-0001"), Script.json(401, Wire.BAD_KEY));
        rig.start();
        rig.record();
        assertThat(rig.client.status()).isEqualTo(502);
        assertThat(rig.client.text()).contains(SENTENCE);
    }

    @Test
    void passesNothingOfALongErrorOn() {
        String error = GONE.replace("used up.", "used up. " + "x".repeat(300_000));
        rig.rules(rule(RuleField.MESSAGE, "budget", Category.INVALID_REQUEST, null, SENTENCE, null));
        FakeUpstream a = rig.upstream(
                "a", call -> call.head(400, "content-type", "application/json").chunk(error));
        rig.start();
        assertThat(rig.failure().rule()).isEqualTo("partner-budget");
        assertThat(rig.client.status()).isEqualTo(400);
        assertThat(rig.client.text()).contains(SENTENCE).doesNotContain("xxx");
        assertThat(rig.client.ended()).isTrue();
        assertThat(a.call(0).wasReset()).isTrue();
    }

    @Test
    void answersForAnErrorThatCameBeforeAStreamsContent() {
        rig.rules(rule(RuleField.CODE, "overloaded_error", Category.OVERLOADED, 529, SENTENCE, null));
        rig.upstream(
                "a",
                new FakeUpstream.Settings().retries(0),
                Script.stream(List.of(Wire.ROLE, Wire.STREAM_OVERLOADED, Wire.DONE)));
        rig.start();
        assertThat(rig.record().committed()).isFalse();
        assertThat(rig.client.status()).isEqualTo(529);
        assertThat(rig.client.header("content-type")).isEqualTo("application/json");
        assertThat(rig.client.text()).startsWith("{\"error\":{\"message\":\"" + SENTENCE);
    }

    @Test
    void failsOverAsWithoutAResponseAndAnswersOnlyAtTheEnd() {
        rig.rules(answering(429, SENTENCE, null));
        rig.upstream("a", Script.json(402, GONE));
        rig.upstream("b", Script.json(200, Wire.ANSWER));
        rig.start();
        rig.record();
        assertThat(rig.client.status()).isEqualTo(200);
        assertThat(rig.client.text()).isEqualTo(Wire.ANSWER);
    }

    @Test
    void leavesAStreamThatHasBegunAsTheProviderEndedIt() {
        rig.rules(rule(RuleField.CODE, "overloaded_error", Category.OVERLOADED, 529, SENTENCE, null));
        rig.upstream("a", Script.stream(List.of(Wire.HELLO, Wire.STREAM_OVERLOADED, Wire.DONE)));
        rig.start();
        assertThat(rig.failure().rule()).isEqualTo("partner-budget");
        assertThat(rig.client.text()).isEqualTo(Wire.HELLO + Wire.STREAM_OVERLOADED + Wire.DONE);
    }
}
