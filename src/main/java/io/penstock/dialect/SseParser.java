package io.penstock.dialect;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The parser of {@code text/event-stream}, after WHATWG HTML §9.2.6 "Interpreting an event stream": lines end in CR, LF or
 * CRLF, one byte order mark is passed over, one space after the colon is not part of the value, data lines are joined by
 * LF, and an event needs the blank line after it. {@code id} and {@code retry} serve reconnecting clients only and are
 * passed over. Works on bytes, so that a character split between two chunks is no matter.
 */
final class SseParser implements FrameParser {
    private static final int MAX_NAME = 256;
    private static final byte[] DATA = {'d', 'a', 't', 'a'};
    private static final byte[] EVENT = {'e', 'v', 'e', 'n', 't'};
    private static final byte[] ID = {'i', 'd'};
    private static final byte[] RETRY = {'r', 'e', 't', 'r', 'y'};
    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};
    private static final byte[] LINE_FEED = {'\n'};

    private final GrowingBytes partialLine = new GrowingBytes(MAX_FRAME);
    private final GrowingBytes data = new GrowingBytes(MAX_FRAME);
    private @Nullable String name;
    private boolean hasData;
    private boolean oversized;
    private boolean lineTooLong;
    private boolean firstLine = true;
    private boolean afterCarriageReturn;
    private boolean strange;
    private long comments;

    /** How many comment lines went by. */
    long comments() {
        return comments;
    }

    /** Lines without a known field are passed over by the rules; they may be somebody's page. */
    @Override
    public boolean strange() {
        return strange;
    }

    @Override
    public void feed(byte[] bytes, int offset, int length, Sink sink) {
        int end = offset + length;
        int lineStart = offset;
        if (afterCarriageReturn && length > 0) {
            afterCarriageReturn = false;
            if (bytes[offset] == '\n') {
                lineStart++;
            }
        }
        for (int i = lineStart; i < end; i++) {
            byte b = bytes[i];
            if (b != '\n' && b != '\r') {
                continue;
            }
            endOfLine(bytes, lineStart, i, sink);
            if (b == '\r') {
                if (i + 1 == end) {
                    afterCarriageReturn = true;
                } else if (bytes[i + 1] == '\n') {
                    i++;
                }
            }
            lineStart = i + 1;
        }
        if (lineStart < end) {
            keep(bytes, lineStart, end);
        }
    }

    /** By the rules, an event without its blank line is discarded; it is handed out for whoever wants a look. */
    @Override
    public @Nullable SseEvent end() {
        SseEvent[] cutOff = new SseEvent[1];
        if (partialLine.length() > 0) {
            endOfLine(LINE_FEED, 0, 0, event -> {});
        }
        dispatch(event -> cutOff[0] = event);
        return cutOff[0];
    }

    private void keep(byte[] bytes, int from, int to) {
        if (!lineTooLong && !partialLine.append(bytes, from, to - from)) {
            lineTooLong = true;
            // Its first byte has to be there: it says whether the line is a comment.
            partialLine.appendWhatFits(bytes, from, to - from);
        }
    }

    private void endOfLine(byte[] bytes, int from, int to, Sink sink) {
        if (partialLine.length() == 0) {
            line(bytes, from, to, sink);
            return;
        }
        keep(bytes, from, to);
        if (!lineTooLong) {
            line(partialLine.array(), 0, partialLine.length(), sink);
        } else if (partialLine.array()[0] == ':') {
            comments++;
        } else {
            oversized = true;
        }
        lineTooLong = false;
        partialLine.clear();
    }

    private void line(byte[] bytes, int from, int to, Sink sink) {
        int start = from;
        if (firstLine) {
            firstLine = false;
            if (startsWith(bytes, from, to, BYTE_ORDER_MARK)) {
                start += BYTE_ORDER_MARK.length;
            }
        }
        if (start == to) {
            dispatch(sink);
        } else if (bytes[start] == ':') {
            comments++;
        } else if (isField(bytes, start, to, DATA)) {
            int value = valueStart(bytes, start + DATA.length, to);
            addData(bytes, value, to);
        } else if (isField(bytes, start, to, EVENT)) {
            int value = valueStart(bytes, start + EVENT.length, to);
            int length = Math.min(to - value, MAX_NAME);
            name = length == 0 ? null : new String(bytes, value, length, StandardCharsets.UTF_8);
        } else {
            strange |= !isField(bytes, start, to, ID) && !isField(bytes, start, to, RETRY);
        }
    }

    private void addData(byte[] bytes, int from, int to) {
        boolean fits = !oversized && (!hasData || data.append(LINE_FEED, 0, 1)) && data.append(bytes, from, to - from);
        hasData = true;
        if (!fits) {
            oversized = true;
            data.clear();
        }
    }

    private void dispatch(Sink sink) {
        boolean dispatched = hasData || oversized;
        SseEvent event = new SseEvent(name, data.array(), oversized ? 0 : data.length(), oversized);
        name = null;
        hasData = false;
        oversized = false;
        if (dispatched) {
            sink.frame(event);
        }
        data.clear();
    }

    private static boolean isField(byte[] bytes, int from, int to, byte[] field) {
        int end = from + field.length;
        return startsWith(bytes, from, to, field) && (end == to || bytes[end] == ':');
    }

    private static int valueStart(byte[] bytes, int colon, int to) {
        int start = Math.min(colon + 1, to);
        return start < to && bytes[start] == ' ' ? start + 1 : start;
    }

    private static boolean startsWith(byte[] bytes, int from, int to, byte[] prefix) {
        if (to - from < prefix.length) {
            return false;
        }
        for (int i = 0; i < prefix.length; i++) {
            if (bytes[from + i] != prefix[i]) {
                return false;
            }
        }
        return true;
    }
}
