package io.penstock.relay;

import java.time.Duration;

/**
 * The time that a whole interception may take.
 *
 * @param length from the interception's first byte
 */
record Deadline(Duration length, InterceptionDraft draft) {

    /** What is left of it; not negative. */
    Duration left() {
        Duration left = length.minus(draft.elapsed());
        return left.isNegative() ? Duration.ZERO : left;
    }

    String detail() {
        return "the deadline of " + length.toMillis() + " ms passed";
    }
}
