package io.penstock.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Constant load while every upstream fails: Penstock must not make it worse. */
class RelayOutageTest {
    private static final int INTERCEPTIONS = 2_000;

    private final Rig rig = new Rig();

    @Test
    void sendsNoMoreThanTheBudgetOnTopOfWhatApplicationsAsk() {
        FakeUpstream.Settings settings = new FakeUpstream.Settings().budget(0.2, 0);
        FakeUpstream a = rig.upstream("a", settings).plays(failing());
        FakeUpstream b = rig.upstream("b", settings).plays(failing());

        List<Rig> all = load();

        assertThat(all)
                .allSatisfy(one -> assertThat(one.interceptions.failure()).isNotNull());
        for (FakeUpstream upstream : List.of(a, b)) {
            double perInterception = (double) upstream.calls() / INTERCEPTIONS;
            assertThat(perInterception).as(upstream.name()).isBetween(1.1, 1.2);
        }
    }

    @Test
    void keepsToTheFloorWhereThereIsNoRatio() {
        FakeUpstream a =
                rig.upstream("a", new FakeUpstream.Settings().budget(0, 3)).plays(failing());

        load();

        // 20 s of load, with three retries a second: 60, and as many again for the window that is full at the start.
        assertThat(a.calls() - INTERCEPTIONS).isBetween(50, 90);
    }

    /** A hundred interceptions a second, and the time for all of them to end. */
    private List<Rig> load() {
        List<Rig> all = new ArrayList<>();
        for (int i = 0; i < INTERCEPTIONS; i++) {
            all.add(rig.another().start());
            rig.timers.advance(Duration.ofMillis(10));
        }
        rig.timers.advance(Duration.ofMinutes(1));
        return all;
    }

    private static Script[] failing() {
        return Collections.nCopies(2 * INTERCEPTIONS, Script.json(500, Wire.BROKEN))
                .toArray(Script[]::new);
    }
}
