package io.penstock.dialect;

/**
 * Cuts long strings out of JSON text on its way to a parser that buffers whole strings, so that the parser's memory is
 * bounded whatever passes. Cuts only between characters and outside escapes, so that what was valid stays valid.
 */
final class StringClipper {
    /** How many bytes of a string pass at least, where it has that many. */
    static final int KEPT = 1_024;

    private static final int BACKSLASH_SEEN = 5;

    private boolean inString;
    private boolean cutting;
    /** How many bytes of an escape are still to come, or {@link #BACKSLASH_SEEN} while its kind is not known. */
    private int escape;

    private int passed;

    /** Takes the runs of bytes that pass, in order. */
    @FunctionalInterface
    interface Sink {
        void run(byte[] bytes, int from, int to);
    }

    void feed(byte[] bytes, int offset, int length, Sink sink) {
        int end = offset + length;
        int start = offset;
        for (int i = offset; i < end; i++) {
            byte b = bytes[i];
            if (!inString) {
                if (b == '"') {
                    inString = true;
                    passed = 0;
                }
                continue;
            }
            passed++;
            if (escape == BACKSLASH_SEEN) {
                escape = b == 'u' ? 4 : 0;
                continue;
            }
            if (escape > 0) {
                escape--;
                continue;
            }
            if (b == '"') {
                inString = false;
                if (cutting) {
                    cutting = false;
                    start = i;
                }
                continue;
            }
            if (!cutting && passed > KEPT && startsCharacter(b)) {
                pass(bytes, start, i, sink);
                cutting = true;
            }
            if (b == '\\') {
                escape = BACKSLASH_SEEN;
            }
        }
        if (!cutting) {
            pass(bytes, start, end, sink);
        }
    }

    /** Whether a string is under way that is so long that the rest of it does not pass. */
    boolean cutting() {
        return cutting;
    }

    private static boolean startsCharacter(byte b) {
        return (b & 0xC0) != 0x80;
    }

    private static void pass(byte[] bytes, int from, int to, Sink sink) {
        if (from < to) {
            sink.run(bytes, from, to);
        }
    }
}
