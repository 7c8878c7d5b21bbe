package io.penstock.upstream;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * The models that an upstream said it lacks. For a while it is asked for them only after the others. That never refuses a
 * request, as a circuit would: where no other has the model, the upstream is asked, and the application gets its plain
 * word instead of "try later". By exact name, so that what one application misspells cannot keep others from a model.
 * Thread-safe.
 */
public final class MissingModels {
    /** Names come from applications: what is remembered of them is bounded, and the oldest make room. */
    private static final int MOST = 256;

    private final long forNanos;
    private final LongSupplier nanoClock;
    private final Map<String, Long> until = new LinkedHashMap<>();

    /** @param nanoClock a monotonic clock, in nanoseconds */
    public MissingModels(Duration memory, LongSupplier nanoClock) {
        this.forNanos = memory.toNanos();
        this.nanoClock = nanoClock;
    }

    public synchronized void lacks(String model) {
        until.remove(model);
        if (until.size() == MOST) {
            until.remove(until.keySet().iterator().next());
        }
        until.put(model, nanoClock.getAsLong() + forNanos);
    }

    public synchronized boolean lacking(String model) {
        Long end = until.get(model);
        return end != null && nanoClock.getAsLong() - end < 0;
    }
}
