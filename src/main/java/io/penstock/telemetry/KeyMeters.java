package io.penstock.telemetry;

import io.penstock.upstream.KeyState;
import io.penstock.upstream.UpstreamDirectory;
import jakarta.inject.Singleton;

/** Shows how many of an upstream's keys are in which state, as they are when somebody looks: a rest ends without an event. */
@Singleton
final class KeyMeters {
    private final Meters meters;
    private final UpstreamDirectory upstreams;

    KeyMeters(Meters meters, UpstreamDirectory upstreams) {
        this.meters = meters;
        this.upstreams = upstreams;
    }

    /** Shows the keys of an upstream from now on. */
    void expect(String upstream) {
        for (KeyState state : KeyState.values()) {
            meters.keyState(upstream, state, () -> upstreams.keyCount(upstream, state));
        }
    }
}
