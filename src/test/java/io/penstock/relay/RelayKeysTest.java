package io.penstock.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.classify.Category;
import io.penstock.classify.Phase;
import io.penstock.dialect.Dialect;
import io.penstock.record.Interception;
import io.penstock.record.Interception.Outcome;
import io.penstock.record.Interception.TerminalError;
import io.penstock.upstream.KeyPool;
import io.penstock.upstream.KeyState;
import io.penstock.upstream.UpstreamRequest;
import io.vertx.core.http.HttpMethod;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

/** Several keys for an upstream: which one is used, and what the application hears when none is left. */
class RelayKeysTest {
    private static final String FIRST = "sk-first-key-0001";
    private static final String SECOND = "sk-second-key-002";
    private static final String THIRD = "sk-third-key-0003";

    private final Rig rig = new Rig();
    private final Script fine = Script.json(200, Wire.ANSWER);

    private static FakeUpstream.Settings keys(String... secrets) {
        return new FakeUpstream.Settings().keys(secrets);
    }

    @Test
    void spreadsInterceptionsOverTheKeys() {
        FakeUpstream a = rig.upstream("a", keys(FIRST, SECOND), fine, fine, fine, fine);
        rig.start();
        for (int i = 0; i < 3; i++) {
            rig.another().start();
        }
        assertThat(sent(a)).containsExactly("sk-f…0001", "sk-s…-002", "sk-f…0001", "sk-s…-002");
    }

    @Test
    void leavesAKeyThatWasRejectedAloneFromThenOn() {
        FakeUpstream a = rig.upstream("a", keys(FIRST, SECOND), Script.json(401, Wire.BAD_KEY), fine, fine, fine);
        rig.start();
        rig.another().start();
        rig.another().start();
        assertThat(sent(a)).containsExactly("sk-f…0001", "sk-s…-002", "sk-s…-002", "sk-s…-002");
        assertThat(rig.record().outcome()).isEqualTo(Outcome.SUCCESS);
    }

    @Test
    void takesAKeyBackWhenItsTrialIsAnswered() {
        FakeUpstream a = rig.upstream("a", keys(FIRST), Script.json(401, Wire.BAD_KEY), fine, fine);
        rig.start();
        assertThat(pool(a).count(KeyState.REJECTED)).isEqualTo(1);
        rig.timers.advance(Duration.ofMinutes(1));
        Rig later = rig.another().start();
        assertThat(later.record().outcome()).isEqualTo(Outcome.SUCCESS);
        assertThat(pool(a).count(KeyState.READY)).isEqualTo(1);
    }

    @Test
    void takesAKeyBackWhenItsTrialFailsByTheCallersOwnFault() {
        FakeUpstream a =
                rig.upstream("a", keys(FIRST), Script.json(401, Wire.BAD_KEY), Script.json(400, Wire.CONTEXT_TOO_LONG));
        rig.start();
        rig.timers.advance(Duration.ofMinutes(1));
        rig.another().start();
        assertThat(pool(a).count(KeyState.READY)).isEqualTo(1);
    }

    @Test
    void asksTheNextUpstreamRatherThanWaitForItsOnlyKey() {
        FakeUpstream a = rig.upstream("a", keys(FIRST), Script.json(429, Wire.RATE_LIMITED, "retry-after", "2"), fine);
        FakeUpstream b = rig.upstream("b", fine, fine);
        rig.start();
        assertThat(rig.record().duration()).isZero();
        assertThat(rig.interceptions.attempts()).containsExactly("a first rate_limit", "b failover ok");
        Rig meanwhile = rig.another().start();
        meanwhile.record();
        assertThat(meanwhile.interceptions.attempts()).containsExactly("b failover ok");
        assertThat(meanwhile.interceptions.skipped()).containsExactly("a keys_out rate_limit");
        rig.timers.advance(Duration.ofSeconds(2));
        rig.another().start();
        assertThat(a.calls()).isEqualTo(2);
        assertThat(b.calls()).isEqualTo(2);
    }

    @Test
    void waitsForItsOnlyKeyWhereThereIsNothingElse() {
        FakeUpstream a = rig.upstream("a", keys(FIRST), Script.json(429, Wire.RATE_LIMITED, "retry-after", "2"), fine);
        rig.start();
        rig.timers.advance(Duration.ofSeconds(2).minusNanos(1));
        assertThat(a.calls()).isEqualTo(1);
        rig.timers.advance(Duration.ofNanos(1));
        assertThat(rig.record().outcome()).isEqualTo(Outcome.SUCCESS);
        assertThat(rig.interceptions.attempts()).containsExactly("a first rate_limit", "a retry ok");
    }

    @Test
    void waitsForAsLongAsTheKeyRestsWhereTheProviderNamesNoTime() {
        FakeUpstream a = rig.upstream("a", keys(FIRST), Script.json(429, Wire.RATE_LIMITED), fine);
        rig.start();
        rig.timers.advance(Duration.ofSeconds(5).minusNanos(1));
        assertThat(a.calls()).isEqualTo(1);
        rig.timers.advance(Duration.ofNanos(1));
        assertThat(rig.record().outcome()).isEqualTo(Outcome.SUCCESS);
    }

    @Test
    void doesNotRetryWithAKeyThatAnotherInterceptionFoundBadDuringTheWait() {
        FakeUpstream a = rig.upstream(
                "a",
                keys(FIRST, SECOND),
                Script.json(500, Wire.BROKEN),
                fine,
                Script.json(401, Wire.BAD_KEY),
                fine,
                fine);
        rig.start();
        rig.another().start();
        rig.another().start();
        rig.timers.advance(Duration.ofMillis(100));
        assertThat(rig.record().outcome()).isEqualTo(Outcome.SUCCESS);
        assertThat(sent(a)).containsExactly("sk-f…0001", "sk-s…-002", "sk-f…0001", "sk-s…-002", "sk-s…-002");
    }

    @Test
    void tellsTheSoonestWaitWhenAllKeysAreRateLimited() {
        rig.upstream(
                "a",
                keys(FIRST, SECOND).retries(0),
                Script.json(429, Wire.RATE_LIMITED, "retry-after", "9"),
                Script.json(
                        429, Wire.error("x", "rate_limit_exceeded", "Org org-123 is limited"), "retry-after", "30"));
        rig.start();
        TerminalError error = rig.failure();
        assertThat(error.category()).isEqualTo(Category.RATE_LIMIT);
        assertThat(rig.client.status()).isEqualTo(429);
        assertThat(rig.client.header("retry-after")).isEqualTo("9");
        assertThat(rig.client.header("x-penstock-retryable")).isEqualTo("true");
        assertThat(rig.client.header("x-should-retry")).isNull();
        assertMasked("rate_limit_error", "rate_limit_exceeded");

        Rig later = rig.another();
        rig.timers.advance(Duration.ofSeconds(2));
        later.start();
        assertThat(later.client.status()).isEqualTo(429);
        assertThat(later.client.header("retry-after")).isEqualTo("7");
        assertThat(later.client.header("x-penstock-attempts")).isEqualTo("0");
        assertThat(later.client.header("x-penstock-upstream")).isEqualTo("a");
        assertThat(later.failure().phase()).isEqualTo(Phase.GATEWAY);
        assertThat(later.failure().message()).isEqualTo("Slow down.");
        assertThat(later.failure().providerCode()).isEqualTo("rate_limit_exceeded");
    }

    @Test
    void recordsTheRealCauseAndMasksItWhenAllKeysAreRejected() {
        String body =
                Wire.error("invalid_request_error", "invalid_api_key", "Incorrect API key provided: sk-fi***001.");
        FakeUpstream a = rig.upstream(
                "a",
                keys(FIRST, SECOND),
                Script.json(401, body, "openai-organization", "org-secret"),
                Script.json(401, body, "openai-organization", "org-secret"));
        rig.start();
        for (Rig seen : List.of(rig, rig.another().start())) {
            TerminalError error = seen.failure();
            assertThat(error.category()).isEqualTo(Category.AUTH_ERROR);
            assertThat(error.message()).startsWith("Incorrect API key provided");
            assertThat(error.providerCode()).isEqualTo("invalid_api_key");
            assertThat(error.status()).isEqualTo(401);
            assertThat(seen.interceptions.only().upstream()).isEqualTo("a");
            assertThat(seen.client.status()).isEqualTo(502);
            assertThat(seen.client.header("openai-organization")).isNull();
            assertThat(seen.client.header("retry-after")).isNull();
            assertThat(seen.client.header("x-should-retry")).isEqualTo("false");
            assertThat(seen.client.header("x-penstock-error-type")).isEqualTo("unauthorized");
            assertThat(seen.client.text())
                    .doesNotContain("sk-")
                    .doesNotContain("Incorrect")
                    .contains("\"server_error\"");
        }
        assertThat(a.calls()).isEqualTo(2);
        assertThat(rig.interceptions.attempts()).containsExactly("a first auth_error", "a rotate_key auth_error");
    }

    @Test
    void saysThatTheAccountIsUsedUpWhenAllKeysHaveNoQuota() {
        rig.upstream("a", keys(FIRST), Script.json(429, Wire.NO_MONEY));
        rig.start();
        assertThat(rig.failure().category()).isEqualTo(Category.QUOTA_EXHAUSTED);
        assertThat(rig.failure().message()).isEqualTo("Check your plan.");
        assertThat(rig.client.status()).isEqualTo(429);
        assertThat(rig.client.header("x-should-retry")).isEqualTo("false");
        assertMasked("rate_limit_error", "insufficient_quota");
    }

    @Test
    void saysWaitWhenOneKeyIsRejectedAndOneIsRateLimited() {
        rig.upstream(
                "a",
                keys(FIRST, SECOND).retries(0),
                Script.json(429, Wire.RATE_LIMITED, "retry-after", "9"),
                Script.json(401, Wire.BAD_KEY));
        rig.start();
        assertThat(rig.failure().category()).isEqualTo(Category.RATE_LIMIT);
        assertThat(rig.client.status()).isEqualTo(429);
        assertThat(rig.client.header("retry-after")).isEqualTo("9");
    }

    @Test
    void answersInTheEnvelopeOfTheRoutesDialect() {
        rig.asks(
                Dialect.ANTHROPIC,
                HttpMethod.POST,
                "/v1/messages",
                "{\"model\":\"claude\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}");
        rig.upstream("a", keys(FIRST).retries(0), Script.json(429, Wire.RATE_LIMITED, "retry-after", "9"));
        rig.start();
        assertThat(rig.client.text()).startsWith("{\"type\":\"error\",\"error\":{\"type\":\"rate_limit_error\"");
        assertThat(rig.client.text()).doesNotContain("Slow down");
    }

    @Test
    void passesOnWhatConcernsTheApplicationsOwnKey() {
        rig.upstream("a", Script.json(401, Wire.BAD_KEY));
        rig.start();
        rig.record();
        assertThat(rig.client.status()).isEqualTo(401);
        assertThat(rig.client.text()).isEqualTo(Wire.BAD_KEY);
    }

    @Test
    void passesOnWhatIsNotAboutTheAccount() {
        rig.upstream("a", keys(FIRST), Script.json(400, Wire.BAD_PARAMETER));
        rig.start();
        rig.record();
        assertThat(rig.client.status()).isEqualTo(400);
        assertThat(rig.client.text()).isEqualTo(Wire.BAD_PARAMETER);
    }

    @Test
    void masksAnErrorOfTheAccountThatIsTooLongToHold() {
        rig.upstream("a", keys(FIRST), call -> call.head(401, "content-type", "application/json")
                .chunk("{\"error\":{\"code\":\"invalid_api_key\",\"message\":\"sk-fi" + "x".repeat(2_000_000)));
        rig.start();
        rig.timers.advance(Duration.ofMinutes(1));
        rig.record();
        assertThat(rig.client.status()).isEqualTo(502);
        assertThat(rig.client.text()).doesNotContain("sk-fi");
    }

    @Test
    void usesOtherModelsWithAKeyThatMayNotUseOne() {
        String forbidden = Wire.error("permission_error", "permission_denied", "No access to gpt-5.");
        FakeUpstream a = rig.upstream("a", keys(FIRST), Script.json(403, forbidden), fine);
        rig.start();
        assertThat(rig.failure().category()).isEqualTo(Category.AUTH_ERROR);
        Rig same = rig.another().start();
        assertThat(same.client.header("x-penstock-attempts")).isEqualTo("0");
        Rig other = rig.another()
                .asks(Dialect.OPENAI, HttpMethod.POST, "/v1/chat/completions", Wire.REQUEST.replace("gpt-5", "gpt-4"))
                .start();
        assertThat(other.record().outcome()).isEqualTo(Outcome.SUCCESS);
        assertThat(a.calls()).isEqualTo(2);
    }

    @RepeatedTest(20)
    void losesNoneOf64InterceptionsWhenTwoOfThreeKeysDieMidway(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        FakeUpstream a = rig.upstream("a", keys(FIRST, SECOND, THIRD));
        List<Rig> interceptions = new ArrayList<>();
        IntStream.range(0, 64).forEach(i -> interceptions.add(rig.another().sends("x-n", "" + i)));
        List<Rig> toStart = new ArrayList<>(interceptions);
        int answered = 0;
        List<ScriptedCall> open = new ArrayList<>();
        List<UpstreamRequest> seen = new ArrayList<>();
        // Half of the time all are under way before the first is answered, else they come and go.
        boolean allAtOnce = repetition.getCurrentRepetition() % 2 == 0;
        while (!toStart.isEmpty() || !open.isEmpty()) {
            if (!toStart.isEmpty() && (allAtOnce || open.isEmpty() || random.nextBoolean())) {
                toStart.remove(0).start();
            } else {
                Collections.shuffle(open, random);
                ScriptedCall call = open.remove(0);
                String key = hint(call.request());
                boolean dead = answered++ > 20 && !key.equals("sk-t…0003");
                if (dead) {
                    call.head(key.equals("sk-f…0001") ? 401 : 429, "content-type", "application/json")
                            .chunk(key.equals("sk-f…0001") ? Wire.BAD_KEY : Wire.NO_MONEY)
                            .end();
                } else {
                    call.head(200, "content-type", "application/json")
                            .chunk(Wire.ANSWER)
                            .end();
                }
            }
            for (ScriptedCall call : a.connector.calls().subList(seen.size(), a.calls())) {
                seen.add(call.request());
                open.add(call);
                assertThat(badOf(a)).as("keys known to be bad").doesNotContain(hint(call.request()));
            }
        }
        assertThat(interceptions)
                .allSatisfy(one -> assertThat(one.record().outcome()).isEqualTo(Outcome.SUCCESS));
        assertThat(interceptions.stream().map(one -> one.interceptions.only().attempts()))
                .allSatisfy(attempts -> assertThat(attempts)
                        .extracting("keyHint")
                        .as("no key twice")
                        .doesNotHaveDuplicates());
        assertThat(pool(a).statuses())
                .extracting("state")
                .containsExactly(KeyState.REJECTED, KeyState.EXHAUSTED, KeyState.READY);
    }

    private static List<String> badOf(FakeUpstream upstream) {
        return pool(upstream).statuses().stream()
                .filter(key -> key.state() != KeyState.READY)
                .map(key -> key.hint())
                .toList();
    }

    private static KeyPool pool(FakeUpstream upstream) {
        return Objects.requireNonNull(upstream.upstream().keys());
    }

    private static List<String> sent(FakeUpstream upstream) {
        return upstream.connector.calls().stream()
                .map(call -> hint(call.request()))
                .toList();
    }

    private static String hint(UpstreamRequest request) {
        return Objects.requireNonNull(request.key()).hint();
    }

    private void assertMasked(String type, String code) {
        Interception record = rig.interceptions.only();
        assertThat(rig.client.text())
                .startsWith("{\"error\":{\"message\":\"Penstock: ")
                .contains("\"type\":\"" + type + "\"", "\"code\":\"" + code + "\"")
                .doesNotContain("sk-", "org-", "Slow down", "plan");
        assertThat(rig.client.header("content-length"))
                .isEqualTo(Integer.toString(rig.client.body().length()));
        assertThat(record.httpStatus()).isEqualTo(rig.client.status());
    }
}
