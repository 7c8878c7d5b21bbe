package io.penstock.injector;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Puts lines together from chunks. A watch sends an event a line; none is much longer than the largest object. */
final class LineBuffer {
    private static final int LONGEST = 4 * 1024 * 1024;

    private final ByteArrayOutputStream rest = new ByteArrayOutputStream();

    /**
     * The lines that this chunk ends, without the empty ones.
     *
     * @throws IllegalStateException where a line grows beyond all reason
     */
    List<String> feed(byte[] chunk) {
        List<String> lines = new ArrayList<>();
        for (byte b : chunk) {
            if (b != '\n') {
                rest.write(b);
            } else if (rest.size() > 0) {
                lines.add(rest.toString(StandardCharsets.UTF_8));
                rest.reset();
            }
        }
        if (rest.size() > LONGEST) {
            throw new IllegalStateException("a line of the watch is longer than " + LONGEST + " bytes");
        }
        return lines;
    }

    /** What came after the last line's end, where anything did. */
    List<String> rest() {
        return rest.size() == 0 ? List.of() : List.of(rest.toString(StandardCharsets.UTF_8));
    }
}
