package io.penstock.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.ConnectTimeoutException;
import io.penstock.classify.Category;
import io.penstock.classify.Phase;
import io.penstock.record.Interception;
import io.penstock.record.Interception.Outcome;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Time that runs out. */
class RelayDeadlineTest {
    private static final Duration A_MOMENT = Duration.ofNanos(1);

    private final Rig rig = new Rig();
    private final Script fine = Script.json(200, Wire.ANSWER);

    private void advance(int seconds) {
        rig.timers.advance(Duration.ofSeconds(seconds));
    }

    @Test
    void answersWhenTheDeadlinePassesDuringAnAttempt() {
        FakeUpstream a = rig.deadline(Duration.ofSeconds(20)).upstream("a");
        FakeUpstream b = rig.upstream("b");
        rig.start();
        rig.timers.advance(Duration.ofSeconds(20).minus(A_MOMENT));
        assertThat(rig.interceptions.isEmpty()).isTrue();
        rig.timers.advance(A_MOMENT);
        rig.record();
        assertThat(rig.failure().category()).isEqualTo(Category.DEADLINE_EXCEEDED);
        assertThat(rig.failure().phase()).isEqualTo(Phase.PRE_COMMIT);
        assertThat(rig.client.status()).isEqualTo(504);
        assertThat(rig.client.text()).contains("\"error\"").contains("deadline");
        assertThat(rig.interceptions.attempts()).containsExactly("a first deadline_exceeded");
        assertThat(a.call(0).wasReset()).isTrue();
        assertThat(a.breaker.verdicts()).containsExactly("failed: deadline_exceeded");
        assertThat(b.calls()).isZero();
    }

    @Test
    void answersWithWhatTheProviderSaidWhenTheDeadlinePassesDuringALaterAttempt() {
        rig.deadline(Duration.ofSeconds(20)).upstream("a", Script.json(503, Wire.BROKEN));
        rig.start();
        advance(20);
        assertThat(rig.failure().category()).isEqualTo(Category.SERVICE_ERROR);
        assertThat(rig.client.status()).isEqualTo(503);
        assertThat(rig.client.text()).isEqualTo(Wire.BROKEN);
        assertThat(rig.interceptions.attempts()).containsExactly("a first service_error", "a retry deadline_exceeded");
    }

    @Test
    void neverBeginsAWaitThatWouldOutlastTheDeadline() {
        rig.deadline(Duration.ofSeconds(2)).upstream("a", Script.json(429, Wire.RATE_LIMITED, "retry-after", "2"));
        rig.start();
        assertThat(rig.record().duration()).isZero();
        assertThat(rig.client.status()).isEqualTo(429);
    }

    @Test
    void resetsBothSidesWhenTheDeadlinePassesInMidStream() {
        FakeUpstream a = rig.deadline(Duration.ofSeconds(20)).upstream("a", Script.openStream());
        rig.start();
        a.call(0).chunk(Wire.HELLO);
        advance(19);
        a.call(0).chunk(Wire.WORLD);
        advance(1);
        Interception record = rig.record();
        assertThat(record.outcome()).isEqualTo(Outcome.ERROR);
        assertThat(rig.failure().category()).isEqualTo(Category.DEADLINE_EXCEEDED);
        assertThat(rig.failure().phase()).isEqualTo(Phase.MID_STREAM);
        assertThat(rig.client.wasReset()).isTrue();
        assertThat(rig.client.text()).isEqualTo(Wire.HELLO + Wire.WORLD + rig.client.lastWords());
        assertThat(a.call(0).wasReset()).isTrue();
    }

    @Test
    void asksTheUpstreamToConnectInWhatIsLeftOfTheDeadline() {
        FakeUpstream a =
                rig.deadline(Duration.ofSeconds(3)).upstream("a", new FakeUpstream.Settings().connections(256));
        FakeUpstream b = rig.upstream("b", fine);
        rig.start();
        assertThat(a.call(0).request().connectTimeout()).isEqualTo(Duration.ofSeconds(2));
        rig.timers.advance(Duration.ofMillis(2_500));
        a.call(0).fail(new ConnectTimeoutException("late"));
        assertThat(b.call(0).request().connectTimeout()).isEqualTo(Duration.ofMillis(500));
        rig.record();
    }

    @Test
    void failsOverWhenTheConnectionTakesTooLong() {
        FakeUpstream a = rig.upstream(
                "a",
                new FakeUpstream.Settings().connections(256),
                Script.failure(new ConnectTimeoutException("connection timed out")));
        rig.upstream("b", fine);
        rig.start();
        assertThat(rig.record().outcome()).isEqualTo(Outcome.SUCCESS);
        assertThat(rig.interceptions.attempts()).containsExactly("a first connect_timeout", "b failover ok");
        assertThat(a.breaker.verdicts()).containsExactly("failed: connect_timeout");
    }

    @Test
    void doesNotBlameTheUpstreamWhenAllItsConnectionsWereTaken() {
        FakeUpstream a = rig.upstream(
                "a",
                new FakeUpstream.Settings().connections(0).retries(0),
                Script.failure(new ConnectTimeoutException("no connection came free")));
        rig.upstream("b", fine);
        rig.start();
        rig.record();
        assertThat(rig.interceptions.attempts()).containsExactly("a first overloaded", "b failover ok");
        assertThat(a.breaker.verdicts()).containsExactly("abandoned");
    }

    @Test
    void failsOverWhenNoHeadComes() {
        FakeUpstream a = rig.upstream("a", Script.HANG);
        rig.upstream("b", fine);
        rig.start();
        rig.timers.advance(Duration.ofSeconds(60).minus(A_MOMENT));
        assertThat(rig.client.hasHead()).isFalse();
        rig.timers.advance(A_MOMENT);
        assertThat(rig.record().outcome()).isEqualTo(Outcome.SUCCESS);
        assertThat(rig.interceptions.attempts()).containsExactly("a first first_content_timeout", "b failover ok");
        assertThat(a.call(0).wasReset()).isTrue();
        assertThat(a.breaker.verdicts()).containsExactly("failed: first_content_timeout");
    }

    @Test
    void givesUpWhenPingsAndLifecycleFramesAreAllThatCome() {
        FakeUpstream a = rig.upstream("a");
        rig.start();
        advance(10);
        Script.openStream().play(a.call(0));
        for (int i = 0; i < 4; i++) {
            a.call(0).chunk(Wire.PING).chunk(Wire.ROLE);
            advance(10);
        }
        rig.timers.advance(Duration.ofSeconds(10).minus(A_MOMENT));
        assertThat(rig.interceptions.isEmpty()).isTrue();
        a.call(0).chunk(Wire.PING);
        rig.timers.advance(A_MOMENT);
        Interception record = rig.record();
        assertThat(rig.failure().category()).isEqualTo(Category.FIRST_CONTENT_TIMEOUT);
        assertThat(record.timeToFirstContent()).isNull();
        assertThat(rig.client.status()).isEqualTo(504);
        assertThat(a.call(0).wasReset()).isTrue();
        assertThat(a.breaker.verdicts()).containsExactly("failed: first_content_timeout");
    }

    @Test
    void endsTheAnswerWhenTheUpstreamFallsSilentInMidStream() {
        FakeUpstream a = rig.upstream("a", Script.openStream());
        rig.start();
        a.call(0).chunk(Wire.HELLO);
        advance(29);
        a.call(0).chunk(Wire.PING);
        rig.timers.advance(Duration.ofSeconds(30).minus(A_MOMENT));
        assertThat(rig.interceptions.isEmpty()).isTrue();
        rig.timers.advance(A_MOMENT);
        rig.record();
        assertThat(rig.failure().category()).isEqualTo(Category.IDLE_TIMEOUT);
        assertThat(rig.failure().phase()).isEqualTo(Phase.MID_STREAM);
        assertThat(rig.client.wasReset()).isTrue();
        assertThat(a.breaker.verdicts()).containsExactly("failed: idle_timeout");
    }

    @Test
    void doesNotTakeASlowApplicationForASilentUpstream() {
        FakeUpstream a = rig.upstream("a", Script.openStream());
        rig.start();
        rig.client.fill();
        a.call(0).chunk(Wire.HELLO);
        advance(310);
        assertThat(rig.interceptions.isEmpty()).isTrue();
        rig.client.drain();
        rig.timers.advance(Duration.ofSeconds(30).minus(A_MOMENT));
        assertThat(rig.interceptions.isEmpty()).isTrue();
        a.call(0).chunk(Wire.DONE).end();
        assertThat(rig.record().outcome()).isEqualTo(Outcome.SUCCESS);
    }

    @Test
    void watchesTheUpstreamAgainOnceTheApplicationReadsOn() {
        FakeUpstream a = rig.upstream("a", Script.openStream());
        rig.start();
        rig.client.fill();
        a.call(0).chunk(Wire.HELLO);
        advance(310);
        rig.client.drain();
        advance(30);
        assertThat(rig.failure().category()).isEqualTo(Category.IDLE_TIMEOUT);
        assertThat(a.call(0).wasReset()).isTrue();
    }

    @Test
    void endsTheInterceptionWhenTheApplicationNeverTakesTheLastBytes() {
        rig.client.dawdleAtTheEnd();
        FakeUpstream a = rig.deadline(Duration.ofSeconds(20)).upstream("a", Script.stream(Wire.STREAM));
        rig.start();
        advance(20);
        assertThat(rig.interceptions.failure().category()).isEqualTo(Category.DEADLINE_EXCEEDED);
        assertThat(rig.timers.pending()).isZero();
        assertThat(a.breaker.verdicts()).as("the upstream gave all").containsExactly("abandoned");
        rig.client.takeTheEnd();
        rig.interceptions.only();
    }

    @Test
    void doesNotBlameTheUpstreamWhenTheDeadlinePassesWhileTheApplicationDoesNotRead() {
        FakeUpstream a = rig.deadline(Duration.ofSeconds(20)).upstream("a", Script.openStream());
        rig.start();
        rig.client.fill();
        a.call(0).chunk(Wire.HELLO);
        advance(20);
        rig.record();
        assertThat(rig.failure().category()).isEqualTo(Category.DEADLINE_EXCEEDED);
        assertThat(rig.failure().message()).contains("the application did not take");
        assertThat(a.call(0).wasReset()).isTrue();
        assertThat(a.breaker.verdicts()).containsExactly("abandoned");
    }

    @Test
    void blamesTheUpstreamWhenTheDeadlinePassesAfterASlowApplicationHasCaughtUp() {
        FakeUpstream a = rig.deadline(Duration.ofSeconds(20)).upstream("a", Script.openStream());
        rig.start();
        rig.client.fill();
        a.call(0).chunk(Wire.HELLO);
        advance(10);
        rig.client.drain();
        advance(10);
        assertThat(rig.failure().category()).isEqualTo(Category.DEADLINE_EXCEEDED);
        assertThat(a.breaker.verdicts()).containsExactly("failed: deadline_exceeded");
    }
}
