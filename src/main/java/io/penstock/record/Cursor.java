package io.penstock.record;

import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;

/**
 * Where a page of interceptions ended: the id of its last one, opaque to callers. An id never moves, so a page is not
 * disturbed by interceptions that end while the pages are read.
 */
public final class Cursor {
    private static final int BYTES = 2 * Long.BYTES;

    private Cursor() {}

    public static String of(UUID last) {
        byte[] bytes = ByteBuffer.allocate(BYTES)
                .putLong(last.getMostSignificantBits())
                .putLong(last.getLeastSignificantBits())
                .array();
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** The id in a cursor, or empty where the text is none that {@link #of} made. */
    public static Optional<UUID> read(String text) {
        byte[] bytes;
        try {
            bytes = Base64.getUrlDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
        if (bytes.length != BYTES) {
            return Optional.empty();
        }
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        UUID id = new UUID(buffer.getLong(), buffer.getLong());
        return of(id).equals(text) ? Optional.of(id) : Optional.empty();
    }
}
