package io.penstock.simulator;

import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.stream.IntStream;

/** Cutting of buffers. */
final class Bytes {
    private Bytes() {}

    /** The buffer in pieces of {@code size} bytes, the last one perhaps shorter; their memory is the buffer's. */
    static List<Buffer> slices(Buffer whole, int size) {
        if (size < 1) {
            throw new IllegalArgumentException("unexpected slice size: " + size);
        }
        return IntStream.range(0, (whole.length() + size - 1) / size)
                .mapToObj(i -> whole.slice(i * size, Math.min(whole.length(), (i + 1) * size)))
                .toList();
    }
}
