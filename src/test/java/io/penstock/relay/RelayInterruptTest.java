package io.penstock.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.classify.Category;
import io.penstock.classify.Phase;
import io.penstock.record.Interception;
import io.penstock.record.Interception.Outcome;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The program ends while an interception is under way. */
class RelayInterruptTest {
    private final Rig rig = new Rig();

    private void assertRefused() {
        rig.record();
        assertThat(rig.failure().category()).isEqualTo(Category.NO_UPSTREAM);
        assertThat(rig.client.status()).isEqualTo(503);
        assertThat(rig.client.header("retry-after")).isEqualTo("1");
        assertThat(rig.client.header("x-should-retry")).isNull();
        assertThat(rig.client.text()).contains("Penstock: the gateway is shutting down");
    }

    @Test
    void answersWithAStatusWhenNothingHasBeenAnswered() {
        FakeUpstream a = rig.upstream("a");
        FakeUpstream b = rig.upstream("b");
        rig.start();
        rig.interrupt();
        assertRefused();
        assertThat(a.call(0).wasReset()).isTrue();
        assertThat(a.breaker.verdicts()).containsExactly("abandoned");
        assertThat(b.calls()).isZero();
    }

    @Test
    void answersWithAStatusWhileFramesAreHeld() {
        FakeUpstream a = Tongue.CHAT.ask(rig).upstream("a", Tongue.CHAT.says(Tongue.CHAT.begun()));
        rig.start();
        rig.interrupt();
        assertRefused();
        assertThat(a.breaker.verdicts()).containsExactly("abandoned");
    }

    @Test
    void answersWithAStatusDuringAWait() {
        FakeUpstream a = rig.upstream("a", Script.json(429, Wire.RATE_LIMITED, "retry-after", "5"));
        rig.start();
        rig.interrupt();
        rig.timers.advance(Duration.ofSeconds(10));
        assertRefused();
        assertThat(a.calls()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void saysSoInAStreamThatIsUnderWay(Tongue tongue) {
        FakeUpstream a = tongue.ask(rig).upstream("a", tongue.says(tongue.begun(), tongue.content.get(0)));
        rig.start();
        rig.interrupt();
        Interception record = rig.record();
        assertThat(record.outcome()).isEqualTo(Outcome.ERROR);
        assertThat(rig.failure().category()).isEqualTo(Category.NO_UPSTREAM);
        assertThat(rig.failure().phase()).isEqualTo(Phase.MID_STREAM);
        assertThat(rig.client.lastWords()).contains("Penstock: the gateway is shutting down");
        assertThat(rig.client.wasReset()).isTrue();
        assertThat(a.breaker.verdicts()).noneMatch(verdict -> verdict.startsWith("failed"));
    }

    @Test
    void isASuccessWhereTheTerminalMarkerHasGone() {
        Tongue.CHAT.ask(rig).upstream("a", Tongue.CHAT.says(Tongue.CHAT.whole()));
        rig.start();
        rig.interrupt();
        assertThat(rig.record().outcome()).isEqualTo(Outcome.SUCCESS);
        assertThat(rig.client.ended()).isTrue();
    }

    @Test
    void changesNothingAfterTheEnd() {
        rig.upstream("a", Script.json(200, Wire.ANSWER));
        rig.start();
        Interception before = rig.record();
        rig.interrupt();
        assertThat(rig.record()).isSameAs(before);
    }
}
