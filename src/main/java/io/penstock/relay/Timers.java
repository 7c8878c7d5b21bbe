package io.penstock.relay;

import java.time.Duration;

/** Time, as an interception sees it; a seam for tests. Used from the event loop that owns the interception. */
public interface Timers {

    /** A monotonic clock, in nanoseconds. */
    long nanos();

    /** Runs {@code task} once, on the calling event loop, not before {@code delay} has passed. */
    Timer after(Duration delay, Runnable task);

    /** A task to come. */
    @FunctionalInterface
    interface Timer {
        Timer NONE = () -> {};

        /** Makes sure that the task does not run any more. Does nothing once it ran. */
        void cancel();
    }
}
