package io.penstock.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.record.Interception.Outcome;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A provider that asks for a wait. */
class RelayRateLimitTest {
    private static final Duration A_MOMENT = Duration.ofNanos(1);

    private final Rig rig = new Rig();
    private final Script fine = Script.json(200, Wire.ANSWER);

    private static Script limited(String header, String value) {
        return Script.json(429, Wire.RATE_LIMITED, header, value);
    }

    @Test
    void waitsForExactlyAsLongAsTheProviderAsksFor() {
        FakeUpstream a = rig.upstream("a", limited("retry-after", "7"), fine);
        rig.upstream("b");
        rig.start();
        rig.timers.advance(Duration.ofSeconds(7).minus(A_MOMENT));
        assertThat(a.calls()).isEqualTo(1);
        rig.timers.advance(A_MOMENT);
        assertThat(a.calls()).isEqualTo(2);
        assertThat(rig.record().outcome()).isEqualTo(Outcome.SUCCESS);
        assertThat(rig.interceptions.attempts()).containsExactly("a first rate_limit", "a retry ok");
        assertThat(rig.interceptions.only().attempts().get(1).waited()).isEqualTo(Duration.ofSeconds(7));
        assertThat(a.breaker.verdicts()).containsExactly("succeeded", "succeeded");
    }

    @Test
    void prefersTheMorePreciseHint() {
        FakeUpstream a = rig.upstream(
                "a", Script.json(429, Wire.RATE_LIMITED, "retry-after", "2", "retry-after-ms", "1250"), fine);
        rig.start();
        rig.timers.advance(Duration.ofMillis(1250).minus(A_MOMENT));
        assertThat(a.calls()).isEqualTo(1);
        rig.timers.advance(A_MOMENT);
        rig.record();
    }

    @Test
    void failsOverAtOnceWhenTheWaitDoesNotFitTheDeadline() {
        rig.deadline(Duration.ofSeconds(30));
        FakeUpstream a = rig.upstream("a", limited("retry-after", "30"));
        rig.upstream("b", fine);
        rig.start();
        assertThat(rig.record().duration()).isZero();
        assertThat(rig.interceptions.attempts()).containsExactly("a first rate_limit", "b failover ok");
        assertThat(rig.interceptions.only().attempts()).noneMatch(attempt -> attempt.retryRefused());
        assertThat(a.calls()).isEqualTo(1);
    }

    @Test
    void countsTheTimeThatIsGoneAgainstTheWait() {
        rig.deadline(Duration.ofSeconds(30));
        FakeUpstream a = rig.upstream("a");
        rig.upstream("b", fine);
        rig.start();
        rig.timers.advance(Duration.ofSeconds(21));
        limited("retry-after", "10").play(a.call(0));
        assertThat(rig.record().duration()).isEqualTo(Duration.ofSeconds(21));
        assertThat(rig.interceptions.attempts()).containsExactly("a first rate_limit", "b failover ok");
    }

    @Test
    void asksAsOftenAsThePolicyAllowsThenFailsOver() {
        rig.upstream("a", limited("retry-after", "1"), limited("retry-after", "1"), limited("retry-after", "1"), fine);
        rig.upstream("b", fine);
        rig.start();
        rig.timers.advance(Duration.ofSeconds(2));
        rig.record();
        assertThat(rig.interceptions.attempts())
                .containsExactly("a first rate_limit", "a retry rate_limit", "a retry rate_limit", "b failover ok");
    }

    @Test
    void backsOffByItselfWhenTheProviderNamesNoWait() {
        FakeUpstream a = rig.upstream("a", Script.json(429, Wire.RATE_LIMITED), fine);
        rig.start();
        rig.timers.advance(Duration.ofMillis(100).minus(A_MOMENT));
        assertThat(a.calls()).isEqualTo(1);
        rig.timers.advance(A_MOMENT);
        assertThat(rig.record().outcome()).isEqualTo(Outcome.SUCCESS);
    }

    @Test
    void takesTheHintOfAnOverloadedUpstreamForTheLeastWait() {
        FakeUpstream a = rig.upstream("a", Script.json(529, Wire.OVERLOADED, "retry-after", "3"), fine);
        rig.start();
        rig.timers.advance(Duration.ofSeconds(3).minus(A_MOMENT));
        assertThat(a.calls()).isEqualTo(1);
        rig.timers.advance(A_MOMENT);
        rig.record();
    }

    @Test
    void neverWaitsForAQuotaThatIsExhausted() {
        rig.upstream("a", Script.json(429, Wire.NO_MONEY, "retry-after", "1"));
        rig.upstream("b", fine);
        rig.start();
        assertThat(rig.record().duration()).isZero();
        assertThat(rig.interceptions.attempts()).containsExactly("a first quota_exhausted", "b failover ok");
    }

    @Test
    void asksTheNextKeyBeforeItWaits() {
        rig.upstream(
                "a",
                new FakeUpstream.Settings().keys("sk-first-key-0001", "sk-second-key-002"),
                limited("retry-after", "5"),
                fine);
        rig.start();
        assertThat(rig.record().duration()).isZero();
        assertThat(rig.interceptions.attempts()).containsExactly("a first rate_limit", "a rotate_key ok");
    }
}
