package io.penstock.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.classify.Category;
import io.penstock.classify.Phase;
import io.penstock.record.Interception;
import io.penstock.record.Interception.Outcome;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** An application that leaves. */
class RelayClientGoneTest {
    private final Rig rig = new Rig();

    private Interception canceled() {
        Interception record = rig.record();
        assertThat(record.outcome()).isEqualTo(Outcome.CANCELED);
        assertThat(record.error()).isNull();
        return record;
    }

    @Test
    void resetsTheUpstreamWhenTheApplicationLeavesBeforeTheHead() {
        FakeUpstream a = rig.upstream("a");
        FakeUpstream b = rig.upstream("b");
        rig.start();
        rig.timers.advance(Duration.ofSeconds(5));
        rig.clientGone();
        Interception record = canceled();
        assertThat(a.call(0).wasReset()).isTrue();
        assertThat(a.breaker.verdicts()).containsExactly("abandoned");
        assertThat(b.calls()).isZero();
        assertThat(record.httpStatus()).isNull();
        assertThat(record.duration()).isEqualTo(Duration.ofSeconds(5));
        assertThat(rig.interceptions.attempts()).containsExactly("a first canceled");
    }

    @Test
    void makesNoMoreAttemptsWhenTheApplicationLeavesDuringAWait() {
        FakeUpstream a = rig.upstream("a", Script.json(429, Wire.RATE_LIMITED, "retry-after", "5"));
        rig.start();
        rig.clientGone();
        rig.timers.advance(Duration.ofSeconds(10));
        canceled();
        assertThat(a.calls()).isEqualTo(1);
        assertThat(rig.interceptions.attempts()).containsExactly("a first rate_limit");
    }

    @Test
    void resetsTheUpstreamWhenTheApplicationLeavesWhileAnErrorBodyIsRead() {
        FakeUpstream a = rig.upstream("a", call -> call.head(500, "content-type", "application/json"));
        rig.start();
        a.call(0).chunk("{\"error\":");
        rig.clientGone();
        canceled();
        assertThat(a.call(0).wasReset()).isTrue();
        assertThat(a.breaker.verdicts()).containsExactly("abandoned");
    }

    @Test
    void resetsTheUpstreamWhenTheApplicationLeavesInMidStream() {
        FakeUpstream a = rig.upstream("a", Script.openStream());
        rig.start();
        a.call(0).chunk(Wire.HELLO);
        rig.clientGone();
        Interception record = canceled();
        assertThat(a.call(0).wasReset()).isTrue();
        assertThat(a.breaker.verdicts()).doesNotContain("failed");
        assertThat(record.httpStatus()).isEqualTo(200);
        assertThat(record.responseBytes()).isEqualTo(Wire.HELLO.length());
        assertThat(rig.client.wasReset()).isFalse();
    }

    @Test
    void succeedsWhenTheApplicationLeavesAfterTheTerminalMarker() {
        FakeUpstream a = rig.upstream("a", Script.openStream());
        rig.start();
        a.call(0).chunk(Wire.HELLO).chunk(Wire.STOP).chunk(Wire.DONE);
        rig.clientGone();
        Interception record = rig.record();
        assertThat(record.outcome()).isEqualTo(Outcome.SUCCESS);
        assertThat(a.call(0).wasReset()).isTrue();
        assertThat(a.breaker.verdicts()).containsExactly("succeeded");
    }

    @Test
    void cancelsWhenTheApplicationLeavesAfterTheFinishReasonButBeforeTheMarker() {
        FakeUpstream a = rig.upstream("a", Script.openStream());
        rig.start();
        a.call(0).chunk(Wire.HELLO).chunk(Wire.STOP);
        rig.clientGone();
        canceled();
    }

    @Test
    void recordsTheErrorWhenTheApplicationLeavesBecauseOfAnErrorInTheStream() {
        FakeUpstream a = rig.upstream("a", Script.openStream());
        rig.start();
        a.call(0).chunk(Wire.HELLO).chunk(Wire.STREAM_OVERLOADED);
        rig.clientGone();
        Interception record = rig.record();
        assertThat(record.outcome()).isEqualTo(Outcome.ERROR);
        assertThat(rig.failure().category()).isEqualTo(Category.OVERLOADED);
        assertThat(rig.failure().phase()).isEqualTo(Phase.MID_STREAM);
        assertThat(a.call(0).wasReset()).isTrue();
        assertThat(a.breaker("other").verdicts()).containsExactly("failed: overloaded");
    }

    @Test
    void succeedsWhenTheApplicationClosesBeforeItsLastBytesAreKnownToHaveGone() {
        rig.client.dawdleAtTheEnd();
        rig.upstream("a", Script.stream(Wire.STREAM));
        rig.start();
        rig.clientGone();
        assertThat(rig.record().outcome()).isEqualTo(Outcome.SUCCESS);
        rig.client.takeTheEnd();
        rig.record();
    }

    @Test
    void changesNothingWhenTheApplicationLeavesAfterTheEnd() {
        rig.upstream("a", Script.json(400, Wire.CONTEXT_TOO_LONG));
        rig.start();
        Interception before = rig.record();
        rig.clientGone();
        rig.clientGone();
        assertThat(rig.record()).isSameAs(before);
    }
}
