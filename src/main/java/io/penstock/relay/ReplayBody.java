package io.penstock.relay;

import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * A request's body, kept for as long as it may have to be sent again: until the commit. From then on a long stream holds
 * no prompt in memory, and sending it once more is not merely forbidden but impossible. Owned by one event loop.
 */
public final class ReplayBody {
    private final Runnable released;
    private @Nullable Buffer bytes;

    /** @param released called when the body is let go of */
    public ReplayBody(Buffer bytes, Runnable released) {
        this.bytes = bytes;
        this.released = released;
    }

    /** The whole body. Throws once it has been released. */
    Buffer bytes() {
        if (bytes == null) {
            throw new IllegalStateException("the body was released at the commit");
        }
        return bytes;
    }

    void release() {
        bytes = null;
        released.run();
    }
}
