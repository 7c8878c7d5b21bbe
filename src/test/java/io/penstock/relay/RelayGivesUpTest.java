package io.penstock.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.classify.Category;
import io.penstock.classify.Phase;
import io.penstock.record.Interception;
import java.net.ConnectException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What the application is told when nobody could answer. */
class RelayGivesUpTest {
    private final Rig rig = new Rig();

    private static FakeUpstream.Settings noRetries() {
        return new FakeUpstream.Settings().retries(0);
    }

    @Test
    void passesTheSmallestWaitOnWhenEveryUpstreamLimitsTheRate() {
        rig.upstream("a", noRetries(), Script.json(429, Wire.RATE_LIMITED, "retry-after", "20"));
        rig.upstream("b", noRetries(), Script.json(429, Wire.RATE_LIMITED, "retry-after", "5", "x-from", "b"));
        rig.upstream("c", noRetries(), Script.json(429, Wire.RATE_LIMITED, "retry-after", "40"));
        rig.start();
        Interception record = rig.record();
        assertThat(rig.client.status()).isEqualTo(429);
        assertThat(rig.client.text()).isEqualTo(Wire.RATE_LIMITED);
        assertThat(rig.client.header("retry-after")).isEqualTo("5");
        assertThat(rig.client.header("x-from")).isEqualTo("b");
        assertThat(rig.client.header("x-penstock-upstream")).isEqualTo("b");
        assertThat(rig.client.header("x-penstock-attempts")).isEqualTo("3");
        assertThat(rig.client.header("x-penstock-retryable")).isEqualTo("true");
        assertThat(rig.client.header("x-should-retry")).isNull();
        assertThat(rig.failure().category()).isEqualTo(Category.RATE_LIMIT);
        assertThat(record.upstream()).isEqualTo("b");
    }

    @Test
    void neverPassesOnALongerWaitThanTheRouteAllows() {
        rig.upstream("a", noRetries(), Script.json(429, Wire.RATE_LIMITED, "retry-after", "86400"));
        rig.start();
        rig.record();
        assertThat(rig.client.header("retry-after")).isEqualTo("60");
    }

    @Test
    void prefersACallersErrorToALaterUnavailability() {
        rig.upstream("a", Script.json(404, Wire.NO_SUCH_MODEL));
        rig.upstream("b", noRetries(), Script.json(503, Wire.BROKEN));
        rig.start();
        assertThat(rig.failure().category()).isEqualTo(Category.MODEL_NOT_FOUND);
        assertThat(rig.client.status()).isEqualTo(404);
        assertThat(rig.client.text()).isEqualTo(Wire.NO_SUCH_MODEL);
    }

    @Test
    void prefersALaterCallersErrorToAnEarlierUnavailability() {
        rig.upstream("a", noRetries(), Script.json(503, Wire.BROKEN));
        rig.upstream("b", Script.json(400, Wire.CONTEXT_TOO_LONG));
        rig.start();
        assertThat(rig.failure().category()).isEqualTo(Category.CONTEXT_LIMIT);
        assertThat(rig.client.text()).isEqualTo(Wire.CONTEXT_TOO_LONG);
    }

    @Test
    void prefersAProvidersWordToAConnectionThatFailedLater() {
        rig.upstream("a", noRetries(), Script.json(500, Wire.BROKEN, "x-request-id", "req_7"));
        rig.upstream("b", noRetries(), Script.failure(new ConnectException("refused")));
        rig.start();
        assertThat(rig.failure().category()).isEqualTo(Category.SERVICE_ERROR);
        assertThat(rig.client.status()).isEqualTo(500);
        assertThat(rig.client.text()).isEqualTo(Wire.BROKEN);
        assertThat(rig.client.header("x-request-id")).isEqualTo("req_7");
        assertThat(rig.client.header("x-should-retry")).isEqualTo("false");
        assertThat(rig.client.header("x-penstock-attempts")).isEqualTo("2");
    }

    @Test
    void makesAnAnswerInTheDialectsEnvelopeWhenNoProviderSaidAnything() {
        rig.upstream("a", Script.failure(new ConnectException("refused")), Script.failure(new ConnectException("no")));
        rig.start();
        Interception record = rig.record();
        assertThat(rig.client.status()).isEqualTo(502);
        assertThat(rig.client.header("content-type")).isEqualTo("application/json");
        assertThat(rig.client.header("content-length"))
                .isEqualTo(Integer.toString(rig.client.body().length()));
        assertThat(rig.client.text()).startsWith("{\"error\":{").contains("Penstock: ");
        assertThat(rig.client.header("x-penstock-category")).isEqualTo("network_error");
        assertThat(rig.client.header("x-penstock-error-type")).isEqualTo("server_error");
        assertThat(rig.client.header("x-should-retry")).isEqualTo("false");
        assertThat(rig.failure().phase()).isEqualTo(Phase.CONNECT);
        assertThat(record.httpStatus()).isEqualTo(502);
        assertThat(record.committed()).isFalse();
    }

    @Test
    void answers504WhenNothingButTimeRanOut() {
        rig.upstream("a");
        rig.start();
        rig.timers.advance(Duration.ofSeconds(60));
        assertThat(rig.failure().category()).isEqualTo(Category.FIRST_CONTENT_TIMEOUT);
        assertThat(rig.client.status()).isEqualTo(504);
    }

    @Test
    void answers503WithTheTimeLeftWhenTheCircuitIsOpen() {
        FakeUpstream a = rig.upstream("a");
        a.breaker.open(Duration.ofMillis(12_300));
        rig.start();
        Interception record = rig.record();
        assertThat(rig.client.status()).isEqualTo(503);
        assertThat(rig.client.header("retry-after")).isEqualTo("13");
        assertThat(rig.client.header("x-penstock-attempts")).isEqualTo("0");
        assertThat(rig.failure().category()).isEqualTo(Category.CIRCUIT_OPEN);
        assertThat(rig.failure().phase()).isEqualTo(Phase.GATEWAY);
        assertThat(record.attempts()).isEmpty();
        assertThat(a.calls()).isZero();
    }

    @Test
    void passesTheSmallestTimeLeftOnWhenEveryCircuitIsOpen() {
        rig.upstream("a").breaker.open(Duration.ofSeconds(4));
        rig.upstream("b").breaker.open(Duration.ofSeconds(9));
        rig.start();
        assertThat(rig.failure().category()).isEqualTo(Category.CIRCUIT_OPEN);
        assertThat(rig.client.header("retry-after")).isEqualTo("4");
    }

    @Test
    void skipsAnUpstreamWhoseCircuitIsOpen() {
        rig.upstream("a").breaker.open(Duration.ofSeconds(9));
        rig.upstream("b", Script.json(200, Wire.ANSWER));
        rig.start();
        rig.record();
        assertThat(rig.interceptions.attempts()).containsExactly("b failover ok");
    }

    @Test
    void prefersAFailureThatHappenedToACircuitThatWasOpen() {
        rig.upstream("a", noRetries(), Script.failure(new ConnectException("refused")));
        rig.upstream("b").breaker.open(Duration.ofSeconds(9));
        rig.start();
        assertThat(rig.failure().category()).isEqualTo(Category.NETWORK_ERROR);
    }

    @Test
    void failsOverWhenTheCircuitOpensDuringTheWait() {
        FakeUpstream a = rig.upstream("a", Script.json(429, Wire.RATE_LIMITED, "retry-after", "2"));
        FakeUpstream b = rig.upstream("b", Script.json(200, Wire.ANSWER));
        rig.start();
        a.breaker.open(Duration.ofSeconds(15));
        rig.timers.advance(Duration.ofSeconds(2));
        rig.record();
        assertThat(a.calls()).isEqualTo(1);
        assertThat(b.calls()).isEqualTo(1);
    }

    @Test
    void answers503WhenTheRouteHasNoUpstream() {
        rig.start();
        assertThat(rig.failure().category()).isEqualTo(Category.NO_UPSTREAM);
        assertThat(rig.client.status()).isEqualTo(503);
    }
}
