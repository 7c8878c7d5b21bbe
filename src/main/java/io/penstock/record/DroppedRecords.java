package io.penstock.record;

import jakarta.inject.Singleton;
import java.util.concurrent.atomic.LongAdder;

/** How many interceptions were not kept because the store could not follow. Thread-safe. */
@Singleton
public final class DroppedRecords {
    private final LongAdder dropped = new LongAdder();

    public long count() {
        return dropped.sum();
    }

    void add() {
        dropped.increment();
    }
}
