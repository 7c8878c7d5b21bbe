package io.penstock.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.record.Interception.Outcome;
import org.junit.jupiter.api.Test;

/** An application that reads more slowly than the upstream sends. */
class RelayBackPressureTest {
    private final Rig rig = new Rig();
    private final FakeUpstream a = rig.upstream("a", Script.openStream());

    @Test
    void pausesTheUpstreamWhileTheApplicationIsFull() {
        rig.start();
        rig.client.fill();
        a.call(0).chunk(Wire.HELLO).chunk("2").chunk("3");
        assertThat(a.call(0).paused()).isTrue();
        assertThat(rig.client.text()).isEqualTo(Wire.HELLO);
        rig.client.drain();
        assertThat(a.call(0).paused()).isFalse();
        assertThat(rig.client.text()).isEqualTo(Wire.HELLO + "23");
        a.call(0).chunk("\n\n").chunk(Wire.DONE).end();
        assertThat(rig.record().outcome()).isEqualTo(Outcome.SUCCESS);
    }

    @Test
    void losesNothingWhenTheApplicationFillsUpAgainAndAgain() {
        rig.start();
        StringBuilder sent = new StringBuilder();
        for (int i = 0; i < 50; i++) {
            rig.client.fill();
            for (int j = 0; j < 3; j++) {
                String chunk = Wire.delta(i + "." + j);
                sent.append(chunk);
                a.call(0).chunk(chunk);
            }
            assertThat(a.call(0).paused()).isTrue();
            rig.client.drain();
        }
        a.call(0).chunk(Wire.DONE).end();
        assertThat(rig.record().outcome()).isEqualTo(Outcome.SUCCESS);
        assertThat(rig.client.text()).isEqualTo(sent + Wire.DONE);
    }

    @Test
    void readsNothingMoreWhenTheApplicationDrainsAfterTheEnd() {
        rig.start();
        rig.client.fill();
        a.call(0).chunk(Wire.HELLO).chunk(Wire.WORLD);
        rig.clientGone();
        rig.client.drain();
        assertThat(rig.client.text()).isEqualTo(Wire.HELLO);
        assertThat(rig.record().outcome()).isEqualTo(Outcome.CANCELED);
    }
}
