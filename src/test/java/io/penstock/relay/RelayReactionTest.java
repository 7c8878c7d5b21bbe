package io.penstock.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.classify.Category;
import io.penstock.record.Interception;
import io.penstock.record.Interception.Outcome;
import io.vertx.core.http.ConnectionPoolTooBusyException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a failure's category makes of it, as long as nothing has been committed. */
class RelayReactionTest {
    private static final Duration JITTER = Duration.ofMillis(100);
    private static final Duration A_MOMENT = Duration.ofNanos(1);

    private final Rig rig = new Rig();

    private final Script fine = Script.json(200, Wire.ANSWER);

    @Test
    void retriesAServiceErrorOnceAfterAJitteredWaitThenFailsOver() {
        FakeUpstream a = rig.upstream("a", Script.json(500, Wire.BROKEN), Script.json(500, Wire.BROKEN));
        FakeUpstream b = rig.upstream("b", fine);
        rig.start();
        rig.timers.advance(JITTER.minus(A_MOMENT));
        assertThat(a.calls()).isEqualTo(1);
        rig.timers.advance(A_MOMENT);
        assertThat(a.calls()).isEqualTo(2);
        assertThat(b.calls()).isEqualTo(1);
        assertThat(rig.record().outcome()).isEqualTo(Outcome.SUCCESS);
        assertThat(rig.interceptions.attempts())
                .containsExactly("a first service_error", "a retry service_error", "b failover ok");
        assertThat(rig.interceptions.only().attempts().get(1).waited()).isEqualTo(JITTER);
        assertThat(a.breaker.verdicts()).containsExactly("failed: service_error", "failed: service_error");
        assertThat(b.breaker.verdicts()).containsExactly("succeeded");
        assertThat(rig.client.text()).isEqualTo(Wire.ANSWER);
        assertThat(rig.client.header("x-penstock-attempts")).isEqualTo("3");
    }

    @Test
    void retriesAnOverloadedUpstreamOnceThenFailsOver() {
        FakeUpstream a = rig.upstream("a", Script.json(529, Wire.OVERLOADED), Script.json(529, Wire.OVERLOADED));
        rig.upstream("b", fine);
        rig.start();
        rig.timers.advance(JITTER);
        rig.record();
        assertThat(rig.interceptions.attempts())
                .containsExactly("a first overloaded", "a retry overloaded", "b failover ok");
        assertThat(a.breaker("other").verdicts()).containsExactly("failed: overloaded", "failed: overloaded");
    }

    @Test
    void retriesANetworkErrorAtOnceThenFailsOverAtOnce() {
        FakeUpstream a = rig.upstream(
                "a", Script.failure(new ConnectException("refused")), Script.failure(new UnknownHostException("a")));
        rig.upstream("b", fine);
        rig.start();
        assertThat(rig.record().duration()).isZero();
        assertThat(rig.interceptions.attempts())
                .containsExactly("a first network_error", "a retry network_error", "b failover ok");
        assertThat(a.breaker.verdicts()).containsExactly("failed: network_error", "failed: network_error");
    }

    @Test
    void retriesWithTheSameBodyAgain() {
        FakeUpstream a = rig.upstream("a", call -> call.cut(), fine);
        rig.start();
        assertThat(a.call(1).request().body().toString()).isEqualTo(Wire.REQUEST);
        assertThat(rig.record().outcome()).isEqualTo(Outcome.SUCCESS);
    }

    @Test
    void asksTheNextKeyThenTheNextUpstreamWhenTheQuotaIsExhausted() {
        FakeUpstream a = rig.upstream(
                "a",
                new FakeUpstream.Settings().keys("sk-first-key-0001", "sk-second-key-002"),
                Script.json(429, Wire.NO_MONEY),
                Script.json(429, Wire.NO_MONEY));
        rig.upstream("b", fine);
        rig.start();
        rig.record();
        assertThat(rig.interceptions.attempts())
                .containsExactly("a first quota_exhausted", "a rotate_key quota_exhausted", "b failover ok");
        assertThat(rig.interceptions.only().attempts())
                .extracting("keyHint")
                .containsExactly("sk-f…0001", "sk-s…-002", null);
        assertThat(a.call(0).request().key()).isNotEqualTo(a.call(1).request().key());
        assertThat(a.breaker.verdicts()).containsExactly("succeeded", "succeeded");
    }

    @Test
    void asksTheNextKeyAtOnceWhenOneIsRejected() {
        FakeUpstream a = rig.upstream(
                "a",
                new FakeUpstream.Settings().keys("sk-first-key-0001", "sk-second-key-002"),
                Script.json(401, Wire.BAD_KEY),
                fine);
        rig.start();
        assertThat(rig.record().duration()).isZero();
        assertThat(rig.interceptions.attempts()).containsExactly("a first auth_error", "a rotate_key ok");
        assertThat(a.breaker.verdicts()).containsExactly("succeeded", "succeeded");
    }

    @Test
    void doesNotRotateKeysOnAnOverloadedUpstream() {
        FakeUpstream a = rig.upstream(
                "a",
                new FakeUpstream.Settings().keys("sk-first-key-0001", "sk-second-key-002"),
                Script.json(529, Wire.OVERLOADED),
                fine);
        rig.start();
        rig.timers.advance(JITTER);
        rig.record();
        assertThat(rig.interceptions.attempts()).containsExactly("a first overloaded", "a retry ok");
        assertThat(a.call(1).request().key()).isSameAs(a.call(0).request().key());
    }

    @ParameterizedTest
    @CsvSource({
        "400, context_length_exceeded, context_limit",
        "400, invalid_value, parameter_error",
        "400, content_filter, content_filter",
        "500, context_length_exceeded, context_limit"
    })
    void returnsTheCallersOwnFailureAtOnceAndVerbatim(int status, String code, String category) {
        String body = Wire.error("invalid_request_error", code, "No.");
        FakeUpstream a = rig.upstream("a", Script.json(status, body, "x-request-id", "req_9"));
        FakeUpstream b = rig.upstream("b");
        rig.start();
        Interception record = rig.record();
        assertThat(rig.client.status()).isEqualTo(status);
        assertThat(rig.client.text()).isEqualTo(body);
        assertThat(rig.client.header("x-request-id")).isEqualTo("req_9");
        assertThat(rig.client.header("content-type")).isEqualTo("application/json");
        assertThat(rig.client.header("x-penstock-category")).isEqualTo(category);
        assertThat(rig.client.ended()).isTrue();
        assertThat(record.outcome()).isEqualTo(Outcome.ERROR);
        assertThat(rig.failure().category().name()).isEqualTo(category);
        assertThat(rig.failure().status()).isEqualTo(status);
        assertThat(record.committed()).isFalse();
        assertThat(record.responseBytes()).isEqualTo(body.length());
        assertThat(a.breaker.verdicts()).containsExactly("succeeded");
        assertThat(a.call(0).wasReset()).isFalse();
        assertThat(b.calls()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"context_length_exceeded", "prompt_too_long", "max_tokens_exceeded", "image_too_large"})
    void takesAnInputThatIsTooLargeOnlyToAnUpstreamThatIsDeclaredLarger(String code) {
        rig.upstream("small", Script.json(400, Wire.error("invalid_request_error", code, "Too long.")))
                .contextWindow(100_000);
        FakeUpstream undeclared = rig.upstream("undeclared");
        FakeUpstream asSmall = rig.upstream("as-small").contextWindow(100_000);
        rig.upstream("large", fine).contextWindow(1_000_000);
        rig.start();
        assertThat(rig.record().outcome()).isEqualTo(Outcome.SUCCESS);
        assertThat(rig.interceptions.only().attempts()).extracting("upstream").containsExactly("small", "large");
        assertThat(undeclared.calls() + asSmall.calls()).isZero();
    }

    @Test
    void tellsThatTheInputIsTooLargeWhenTheLargerUpstreamCouldNotAnswer() {
        rig.upstream("small", Script.json(400, Wire.CONTEXT_TOO_LONG));
        rig.upstream("large", new FakeUpstream.Settings().retries(0), Script.json(503, Wire.BROKEN))
                .contextWindow(1_000_000);
        FakeUpstream never = rig.upstream("never");
        rig.start();
        assertThat(rig.failure().category()).isEqualTo(Category.CONTEXT_LIMIT);
        assertThat(rig.client.text()).isEqualTo(Wire.CONTEXT_TOO_LONG);
        assertThat(never.calls()).as("not larger than the first either").isZero();
    }

    @Test
    void takesWhatAFilterRefusedToAnotherUpstreamOnlyWhereTheRouteAsksForIt() {
        String filtered = Wire.error("invalid_request_error", "content_filter", "No.");
        rig.failsOverOn(Category.CONTENT_FILTER);
        FakeUpstream a = rig.upstream("a", Script.json(400, filtered));
        rig.upstream("b", fine);
        rig.start();
        assertThat(rig.record().outcome()).isEqualTo(Outcome.SUCCESS);
        assertThat(rig.interceptions.attempts()).containsExactly("a first content_filter", "b failover ok");
        assertThat(a.breaker.verdicts()).containsExactly("succeeded");
    }

    @Test
    void returnsWhatEveryFilterRefusedVerbatim() {
        String filtered = Wire.error("invalid_request_error", "content_filter", "No.");
        rig.failsOverOn(Category.CONTENT_FILTER);
        rig.upstream("a", Script.json(400, filtered));
        rig.upstream("b", Script.json(400, filtered));
        rig.start();
        assertThat(rig.failure().category()).isEqualTo(Category.CONTENT_FILTER);
        assertThat(rig.client.text()).isEqualTo(filtered);
    }

    @Test
    void leavesRetriesToAnSdkThatRetriesAndStillTriesOtherKeysAndUpstreams() {
        FakeUpstream a = rig.upstream(
                "a",
                new FakeUpstream.Settings().keys("sk-first-key-0001", "sk-second-key-002"),
                Script.json(401, Wire.BAD_KEY),
                Script.json(500, Wire.BROKEN));
        rig.upstream("b", Script.json(500, Wire.BROKEN));
        rig.sends("x-stainless-retry-count", "1").start();
        rig.record();
        assertThat(rig.interceptions.attempts())
                .containsExactly("a first auth_error", "a rotate_key service_error", "b failover service_error");
        assertThat(rig.client.header("x-should-retry")).isEqualTo("false");
        assertThat(a.calls()).isEqualTo(2);
    }

    @Test
    void retriesWhatAnSdkAsksForTheFirstTime() {
        rig.upstream("a", Script.json(500, Wire.BROKEN), fine);
        rig.sends("x-stainless-retry-count", "0").start();
        rig.timers.advance(JITTER);
        rig.record();
        assertThat(rig.interceptions.attempts()).containsExactly("a first service_error", "a retry ok");
    }

    @Test
    void earnsNoRetriesByTheRetriesOfAnSdk() {
        FakeUpstream.Settings settings = new FakeUpstream.Settings().budget(0.1, 0);
        FakeUpstream a = rig.upstream("a", settings, fine, fine, fine, fine, fine, fine, fine, fine, fine);
        for (int i = 0; i < 9; i++) {
            rig.another().sends("x-stainless-retry-count", "1").start();
        }
        a.plays(Script.json(500, Wire.BROKEN), fine);
        rig.start();
        assertThat(rig.interceptions.only().attempts())
                .extracting("retryRefused")
                .containsExactly(true);
    }

    @Test
    void failsOverWhenOneUpstreamLacksTheModel() {
        FakeUpstream a = rig.upstream("a", Script.json(404, Wire.NO_SUCH_MODEL));
        rig.upstream("b", fine);
        rig.start();
        assertThat(rig.record().outcome()).isEqualTo(Outcome.SUCCESS);
        assertThat(rig.interceptions.attempts()).containsExactly("a first model_not_found", "b failover ok");
        assertThat(a.breaker.verdicts()).containsExactly("succeeded");
    }

    @Test
    void returnsAnUnknown4xxThatHasABody() {
        rig.upstream("a", Script.json(418, "{\"teapot\":true}"));
        FakeUpstream b = rig.upstream("b");
        rig.start();
        assertThat(rig.failure().category().name()).isEqualTo("unknown");
        assertThat(rig.client.status()).isEqualTo(418);
        assertThat(rig.client.text()).isEqualTo("{\"teapot\":true}");
        assertThat(b.calls()).isZero();
    }

    @Test
    void failsOverOnAnUnknown4xxWithoutABody() {
        rig.upstream("a", call -> call.head(418).end());
        rig.upstream("b", fine);
        rig.start();
        rig.record();
        assertThat(rig.interceptions.attempts()).containsExactly("a first unknown", "b failover ok");
    }

    @Test
    void retriesThenFailsOverOnAServerStatusThatNobodyKnows() {
        rig.upstream("a", Script.json(599, "{\"odd\":true}"), Script.json(599, "{\"odd\":true}"));
        rig.upstream("b", fine);
        rig.start();
        rig.timers.advance(JITTER);
        assertThat(rig.record().outcome()).isEqualTo(Outcome.SUCCESS);
        assertThat(rig.client.text()).isEqualTo(Wire.ANSWER);
    }

    @ParameterizedTest
    @CsvSource({"408", "504", "524"})
    void failsOverAtOnceWhenTheUpstreamsOwnTimeRanOut(int status) {
        FakeUpstream a = rig.upstream("a", Script.json(status, "{}"));
        rig.upstream("b", fine);
        rig.start();
        assertThat(rig.record().duration()).isZero();
        assertThat(rig.interceptions.attempts()).containsExactly("a first upstream_timeout", "b failover ok");
        assertThat(a.breaker.verdicts()).containsExactly("failed: upstream_timeout");
    }

    @Test
    void failsOverWhenAGood200IsAWebPage() {
        FakeUpstream a = rig.upstream("a", call -> call.head(200, "content-type", "Text/HTML; charset=utf-8"));
        rig.upstream("b", fine);
        rig.start();
        rig.record();
        assertThat(rig.interceptions.attempts()).containsExactly("a first protocol_error", "b failover ok");
        assertThat(a.call(0).wasReset()).isTrue();
        assertThat(a.breaker.verdicts()).containsExactly("failed: protocol_error");
    }

    @Test
    void failsOverWhenAGood200IsEmpty() {
        rig.upstream("a", call -> call.head(200, "content-length", "0").end());
        rig.upstream("b", fine);
        rig.start();
        rig.record();
        assertThat(rig.interceptions.attempts()).containsExactly("a first protocol_error", "b failover ok");
    }

    @Test
    void doesNotRetryWhenTheProviderSaysThatItIsOfNoUse() {
        rig.upstream("a", Script.json(500, Wire.BROKEN, "x-should-retry", "false"));
        rig.upstream("b", fine);
        rig.start();
        assertThat(rig.record().duration()).isZero();
        assertThat(rig.interceptions.attempts()).containsExactly("a first service_error", "b failover ok");
    }

    @Test
    void retriesWhatItWouldNotWhenTheProviderSaysThatItHelps() {
        rig.upstream("a", Script.json(504, "{}", "x-should-retry", "true"), fine);
        rig.start();
        rig.timers.advance(JITTER);
        rig.record();
        assertThat(rig.interceptions.attempts()).containsExactly("a first upstream_timeout", "a retry ok");
    }

    @Test
    void returnsACallersErrorAlsoWhenTheProviderSaysThatARetryHelps() {
        rig.upstream("a", Script.json(400, "{\"error\":{\"code\":\"invalid_value\"}}", "x-should-retry", "true"), fine);
        rig.start();
        rig.record();
        assertThat(rig.interceptions.attempts()).containsExactly("a first parameter_error");
    }

    @Test
    void failsOverAndSaysSoWhenTheRetryBudgetIsUsedUp() {
        FakeUpstream a = rig.upstream("a", new FakeUpstream.Settings().budget(0, 0), Script.json(500, Wire.BROKEN));
        rig.upstream("b", fine);
        rig.start();
        rig.record();
        assertThat(a.calls()).isEqualTo(1);
        assertThat(rig.interceptions.attempts()).containsExactly("a first service_error", "b failover ok");
        assertThat(rig.interceptions.only().attempts())
                .extracting("retryRefused")
                .containsExactly(true, false);
    }

    @Test
    void neverRetriesWhereThePolicyForbidsIt() {
        FakeUpstream a = rig.upstream("a", new FakeUpstream.Settings().retries(0), Script.json(500, Wire.BROKEN));
        rig.upstream("b", fine);
        rig.start();
        rig.record();
        assertThat(a.calls()).isEqualTo(1);
        assertThat(rig.interceptions.only().attempts()).noneMatch(attempt -> attempt.retryRefused());
    }

    @Test
    void tellsNothingToTheBreakerWhenPenstocksOwnQueueWasFull() {
        FakeUpstream a = rig.upstream(
                "a",
                new FakeUpstream.Settings().retries(0),
                Script.failure(new ConnectionPoolTooBusyException("full")));
        rig.upstream("b", fine);
        rig.start();
        rig.record();
        assertThat(rig.interceptions.attempts()).containsExactly("a first overloaded", "b failover ok");
        assertThat(a.breaker.verdicts()).containsExactly("abandoned");
    }
}
