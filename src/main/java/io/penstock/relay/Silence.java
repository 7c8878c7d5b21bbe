package io.penstock.relay;

import java.time.Duration;

/**
 * Watches for a silence of a given length. Noise is noted by a time stamp alone; the timer looks at it when it fires and
 * is armed again for the rest, so that a busy stream costs no timer per chunk.
 */
public final class Silence {
    private final Timers timers;
    private final Duration limit;
    private final Runnable tooLong;

    private long lastNoise;
    private Timers.Timer timer = Timers.Timer.NONE;

    public Silence(Timers timers, Duration limit, Runnable tooLong) {
        this.timers = timers;
        this.limit = limit;
        this.tooLong = tooLong;
    }

    public void start() {
        noise();
        timer = timers.after(limit, this::look);
    }

    public void noise() {
        lastNoise = timers.nanos();
    }

    public void stop() {
        timer.cancel();
    }

    private void look() {
        Duration left = limit.minusNanos(timers.nanos() - lastNoise);
        if (left.isNegative() || left.isZero()) {
            tooLong.run();
        } else {
            timer = timers.after(left, this::look);
        }
    }
}
