package io.penstock.dialect;

import org.jspecify.annotations.Nullable;

/** The parser of newline-delimited JSON: every line that is not blank is a frame. */
final class NdjsonParser implements FrameParser {
    private final GrowingBytes line = new GrowingBytes(MAX_FRAME);
    private boolean oversized;

    @Override
    public void feed(byte[] bytes, int offset, int length, Sink sink) {
        int end = offset + length;
        int start = offset;
        for (int i = offset; i < end; i++) {
            if (bytes[i] == '\n') {
                add(bytes, start, i);
                SseEvent frame = take();
                if (frame != null) {
                    sink.frame(frame);
                }
                line.clear();
                start = i + 1;
            }
        }
        add(bytes, start, end);
    }

    /** The last line, where it has no newline: no rule says that it needs one. */
    @Override
    public @Nullable SseEvent end() {
        return take();
    }

    /** Any line is a frame. */
    @Override
    public boolean strange() {
        return false;
    }

    private void add(byte[] bytes, int from, int to) {
        oversized = oversized || !line.append(bytes, from, to - from);
    }

    private @Nullable SseEvent take() {
        boolean tooLong = oversized;
        oversized = false;
        if (tooLong) {
            return new SseEvent(null, line.array(), 0, true);
        }
        return blank() ? null : new SseEvent(null, line.array(), line.length(), false);
    }

    private boolean blank() {
        for (int i = 0; i < line.length(); i++) {
            if (line.array()[i] > ' ' || line.array()[i] < 0) {
                return false;
            }
        }
        return true;
    }
}
