package io.penstock.record;

import java.util.List;

/** Recorders for the tests of other packages. */
public final class Recordings {
    private Recordings() {}

    /** A recorder that tells {@code listener}, and forgets. */
    public static Recorder to(InterceptionListener listener) {
        MemoryStore store = new MemoryStore(() -> 1, Runnable::run);
        return new Recorder(List.of(listener), new RecordWriter(store, new DroppedRecords(), (delay, task) -> {}));
    }
}
