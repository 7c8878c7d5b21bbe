package io.penstock.upstream;

import io.penstock.policy.UpstreamPolicy.KeyRest;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How long a key rests. */
final class Rest {
    /** A rate limit that asks for longer is no rate limit; who means a day says quota. */
    static final Duration LONGEST_COOLING = Duration.ofHours(1);
    /** Money may be paid in at any time, so that even a monthly window is looked at once a day. */
    static final Duration LONGEST_EXHAUSTION = Duration.ofDays(1);

    private static final int MOST_DOUBLINGS = 4;

    private final KeyRest policy;

    Rest(KeyRest policy) {
        this.policy = policy;
    }

    /**
     * The rest for a state other than ready.
     *
     * @param before how often in a row the key came into this state before, without being well in between
     * @param hint what the provider asked for, or null
     */
    Duration of(KeyState state, int before, @Nullable Duration hint) {
        return switch (state) {
            case READY -> Duration.ZERO;
            case COOLING -> hint == null ? grown(policy.rateLimited(), before) : least(hint, LONGEST_COOLING);
            case EXHAUSTED -> hint == null ? policy.exhausted() : least(hint, LONGEST_EXHAUSTION);
            case REJECTED -> grown(policy.rejected(), before);
        };
    }

    private static Duration grown(Duration base, int before) {
        return base.multipliedBy(1L << Math.min(before, MOST_DOUBLINGS));
    }

    private static Duration least(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
