package io.penstock.dialect;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * One event of an event stream, or one line of an NDJSON stream. A view of its parser's buffer: valid only while the
 * parser's callback runs.
 */
final class SseEvent {
    private final @Nullable String name;
    private final byte[] data;
    private final int length;
    private final boolean oversized;

    SseEvent(@Nullable String name, byte[] data, int length, boolean oversized) {
        this.name = name;
        this.data = data;
        this.length = length;
        this.oversized = oversized;
    }

    /** The {@code event} field, or null where it is absent or empty. */
    @Nullable
    String name() {
        return name;
    }

    /** The array that holds the data in its first {@link #length()} bytes. */
    byte[] data() {
        return data;
    }

    int length() {
        return length;
    }

    /** Whether the event was larger than the parser keeps; its data is then lost. */
    boolean oversized() {
        return oversized;
    }

    boolean dataIs(String ascii) {
        if (length != ascii.length()) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (data[i] != ascii.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    String text() {
        return new String(data, 0, length, StandardCharsets.UTF_8);
    }
}
