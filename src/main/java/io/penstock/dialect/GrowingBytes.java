package io.penstock.dialect;

import java.util.Arrays;

/** A byte buffer that grows up to a limit and gives large arrays back when it is cleared. */
final class GrowingBytes {
    private static final int INITIAL = 512;
    private static final int KEPT = 64 * 1024;

    private final int limit;
    private byte[] array = new byte[0];
    private int length;

    GrowingBytes(int limit) {
        this.limit = limit;
    }

    /** Appends the bytes if all of them fit under the limit, else nothing. */
    boolean append(byte[] bytes, int offset, int count) {
        if (count > limit - length) {
            return false;
        }
        ensure(length + count);
        System.arraycopy(bytes, offset, array, length, count);
        length += count;
        return true;
    }

    /** Appends as many of the bytes as fit under the limit. */
    void appendWhatFits(byte[] bytes, int offset, int count) {
        append(bytes, offset, Math.min(count, limit - length));
    }

    /** The array behind it, valid up to {@link #length()} and until the next change. */
    byte[] array() {
        return array;
    }

    int length() {
        return length;
    }

    void clear() {
        length = 0;
        if (array.length > KEPT) {
            array = new byte[0];
        }
    }

    private void ensure(int needed) {
        if (needed > array.length) {
            array = Arrays.copyOf(array, Math.min(limit, Math.max(Math.max(INITIAL, needed), array.length * 2)));
        }
    }
}
