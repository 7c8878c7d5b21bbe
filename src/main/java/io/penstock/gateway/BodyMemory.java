package io.penstock.gateway;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The memory that request bodies may take together, on all routes, while they wait for an answer. A route's own cap bounds
 * one body; without this bound enough of them, each allowed, would exhaust the heap or the container. Thread-safe.
 */
final class BodyMemory {
    /** Of the heap. A body is there up to three times for a moment: as it grows, and as it is scanned. */
    private static final int SHARE_OF_HEAP = 4;

    private final long most;
    private final AtomicLong taken = new AtomicLong();

    /** @param most bytes */
    BodyMemory(long most) {
        this.most = most;
    }

    static BodyMemory ofThisProcess() {
        return new BodyMemory(Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP);
    }

    /** The bytes that there are for all bodies together. */
    long most() {
        return most;
    }

    Share share() {
        return new Share();
    }

    /** What one body takes. Owned by one event loop. */
    final class Share {
        private long mine;

        /** Takes so many bytes more, or nothing and returns false where they are not to be had. */
        boolean grow(int bytes) {
            if (taken.addAndGet(bytes) > most) {
                taken.addAndGet(-bytes);
                return false;
            }
            mine += bytes;
            return true;
        }

        /** Gives everything back. May be called again. */
        void release() {
            taken.addAndGet(-mine);
            mine = 0;
        }
    }
}
