package io.penstock.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.classify.Category;
import io.penstock.classify.Phase;
import io.penstock.record.Interception;
import io.penstock.record.Interception.Outcome;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** What goes wrong after the commit, when nothing can be undone any more. */
class RelayMidStreamTest {
    private final Rig rig = new Rig();
    private final FakeUpstream a = rig.upstream("a", Script.openStream());
    private final FakeUpstream b = rig.upstream("b");

    private Interception failed(Category category) {
        Interception record = rig.record();
        assertThat(record.outcome()).isEqualTo(Outcome.ERROR);
        assertThat(rig.failure().category()).isEqualTo(category);
        assertThat(rig.failure().phase()).isEqualTo(Phase.MID_STREAM);
        assertThat(record.committed()).isTrue();
        assertThat(record.httpStatus()).isEqualTo(200);
        assertThat(a.calls()).isEqualTo(1);
        assertThat(b.calls()).isZero();
        return record;
    }

    @Test
    void resetsTheApplicationAndTriesNoMoreWhenTheUpstreamBreaks() {
        rig.start();
        a.call(0).chunk(Wire.HELLO).fail(new IOException("Connection reset by peer"));
        Interception record = failed(Category.STREAM_TRUNCATED);
        assertThat(rig.client.wasReset()).isTrue();
        assertThat(rig.client.ended()).isFalse();
        assertThat(rig.client.text()).isEqualTo(Wire.HELLO + rig.client.lastWords());
        assertThat(record.responseBytes()).isEqualTo(rig.client.text().length());
        assertThat(a.breaker.verdicts()).containsExactly("failed: stream_truncated");
    }

    @Test
    void recordsAnErrorInTheStreamByItsOwnContentAndPassesItOn() {
        rig.start();
        a.call(0)
                .chunk(Wire.HELLO)
                .chunk(Wire.STREAM_OVERLOADED)
                .chunk(Wire.DONE)
                .end();
        failed(Category.OVERLOADED);
        assertThat(rig.client.text()).isEqualTo(Wire.HELLO + Wire.STREAM_OVERLOADED + Wire.DONE);
        assertThat(rig.client.ended()).isTrue();
        assertThat(rig.client.wasReset()).isFalse();
        assertThat(rig.failure().status()).isZero();
        assertThat(a.breaker("other").verdicts()).containsExactly("failed: overloaded");
        assertThat(a.call(0).wasReset()).isFalse();
    }

    @Test
    void recordsTheProvidersErrorWhenTheConnectionBreaksAfterIt() {
        rig.start();
        a.call(0).chunk(Wire.HELLO).chunk(Wire.STREAM_OVERLOADED).cut();
        failed(Category.OVERLOADED);
        assertThat(rig.client.wasReset()).isTrue();
    }

    @Test
    void recordsATruncationWhenTheStreamEndsWithoutItsTerminalMarker() {
        rig.start();
        a.call(0).chunk(Wire.HELLO).end();
        failed(Category.STREAM_TRUNCATED);
        assertThat(rig.client.text()).isEqualTo(Wire.HELLO + rig.client.lastWords());
        assertThat(a.breaker.verdicts()).containsExactly("failed: stream_truncated");
    }

    @Test
    void succeedsWhenAServerEndsAfterTheFinishReasonWithoutTheMarker() {
        rig.start();
        a.call(0).chunk(Wire.HELLO).chunk(Wire.STOP).end();
        assertThat(rig.record().outcome()).isEqualTo(Outcome.SUCCESS);
    }

    @Test
    void succeedsWhenTheConnectionBreaksAfterTheTerminalMarker() {
        rig.start();
        a.call(0).chunk(Wire.HELLO).chunk(Wire.STOP).chunk(Wire.DONE).cut();
        assertThat(rig.record().outcome()).isEqualTo(Outcome.SUCCESS);
        assertThat(a.breaker.verdicts()).containsExactly("succeeded");
    }
}
