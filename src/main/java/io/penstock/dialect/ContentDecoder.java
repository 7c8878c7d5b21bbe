package io.penstock.dialect;

import java.util.Locale;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * Decodes a content coding as the bytes come, for judging only: what is relayed stays as it came. Knows {@code identity},
 * {@code gzip} (members in a row included) and {@code deflate} (in zlib's wrapping, as RFC 9110 §8.4.1.2 has it, and bare,
 * as some servers send it). Checksums are not checked.
 *
 * <p>Holds native memory once it has been fed: {@link #close()} must be called on every path. Not thread-safe.
 */
public final class ContentDecoder implements AutoCloseable {
    /** How much is decoded before the rest counts as a bomb, in bytes. */
    public static final long MAX_DECODED = 256L * 1024 * 1024;

    private static final int PIECE = 8 * 1024;
    private static final int GZIP_TRAILER = 8;
    private static final int NOTHING_HELD = -1;

    private final long maxDecoded;
    private State state;
    private boolean overflowed;
    private long decoded;
    private GzipHeader header = new GzipHeader();
    private int trailerLeft;
    private int heldByte = NOTHING_HELD;
    private @Nullable Inflater inflater;
    private byte[] piece = new byte[0];

    private ContentDecoder(State state, long maxDecoded) {
        this.state = state;
        this.maxDecoded = maxDecoded;
    }

    /** What the next byte is. */
    private enum State {
        PLAIN,
        GZIP_HEADER,
        GZIP_DATA,
        GZIP_TRAILER,
        DEFLATE_START,
        DEFLATE_DATA,
        /** What follows the end of the coded data means nothing. */
        AFTER_END,
        UNREADABLE
    }

    /** Takes decoded bytes, in order and in bounded pieces; the array is used again after the call. */
    @FunctionalInterface
    public interface Sink {
        void decoded(byte[] bytes, int offset, int length);
    }

    /**
     * The decoder of a content coding.
     *
     * @param contentEncoding the {@code Content-Encoding}, or null where there is none
     */
    public static ContentDecoder of(@Nullable String contentEncoding) {
        return of(contentEncoding, MAX_DECODED);
    }

    static ContentDecoder of(@Nullable String contentEncoding, long maxDecoded) {
        String coding = contentEncoding == null ? "" : contentEncoding.strip().toLowerCase(Locale.ROOT);
        State start =
                switch (coding) {
                    case "", "identity" -> State.PLAIN;
                    case "gzip", "x-gzip" -> State.GZIP_HEADER;
                    case "deflate" -> State.DEFLATE_START;
                    default -> State.UNREADABLE;
                };
        return new ContentDecoder(start, maxDecoded);
    }

    /** Whether what was fed could be decoded so far. Once false, nothing more reaches a sink. */
    public boolean readable() {
        return state != State.UNREADABLE;
    }

    /** Whether it stopped because the decoded bytes went beyond {@link #MAX_DECODED}. */
    public boolean overflowed() {
        return overflowed;
    }

    /** Decodes the next bytes. Never throws on what they are. */
    public void feed(byte[] bytes, int offset, int length, Sink sink) {
        int end = offset + length;
        int at = offset;
        while (at < end && state != State.UNREADABLE && state != State.AFTER_END) {
            at = switch (state) {
                case PLAIN -> plain(bytes, at, end, sink);
                case GZIP_HEADER -> gzipHeader(bytes[at], at);
                case GZIP_TRAILER -> gzipTrailer(at, end);
                case DEFLATE_START -> deflateStart(bytes[at], at, sink);
                case GZIP_DATA -> inflate(bytes, at, end, sink, State.GZIP_TRAILER);
                case DEFLATE_DATA -> inflate(bytes, at, end, sink, State.AFTER_END);
                case AFTER_END, UNREADABLE -> end;
            };
        }
    }

    /** Gives the native memory back; whatever is fed later is not read. May be called again. */
    @Override
    public void close() {
        state = State.UNREADABLE;
        if (inflater != null) {
            inflater.end();
            inflater = null;
        }
    }

    private static int plain(byte[] bytes, int at, int end, Sink sink) {
        sink.decoded(bytes, at, end - at);
        return end;
    }

    private int gzipHeader(byte next, int at) {
        switch (header.accept(next)) {
            case MORE -> {}
            case DONE -> startInflating(true, State.GZIP_DATA);
            // Behind a whole member it is padding.
            case NOT_GZIP -> state = inflater == null ? State.UNREADABLE : State.AFTER_END;
        }
        return at + 1;
    }

    private int gzipTrailer(int at, int end) {
        int skipped = Math.min(trailerLeft, end - at);
        trailerLeft -= skipped;
        if (trailerLeft == 0) {
            header = new GzipHeader();
            state = State.GZIP_HEADER;
        }
        return at + skipped;
    }

    /** The first two bytes tell zlib's header (RFC 1950 §2.2) from bare deflate data. */
    private int deflateStart(byte next, int at, Sink sink) {
        int b = next & 0xFF;
        if (heldByte == NOTHING_HELD) {
            heldByte = b;
            return at + 1;
        }
        boolean zlib = (heldByte & 0x0F) == 8 && (heldByte << 8 | b) % 31 == 0;
        startInflating(!zlib, State.DEFLATE_DATA);
        inflate(new byte[] {(byte) heldByte}, 0, 1, sink, State.AFTER_END);
        return at;
    }

    private void startInflating(boolean bare, State next) {
        if (inflater == null) {
            inflater = new Inflater(bare);
            piece = new byte[PIECE];
        } else {
            inflater.reset();
        }
        state = next;
    }

    private int inflate(byte[] bytes, int at, int end, Sink sink, State afterwards) {
        Inflater inflating = inflater;
        if (inflating == null) {
            return end;
        }
        inflating.setInput(bytes, at, end - at);
        try {
            for (int count = inflating.inflate(piece); count > 0; count = inflating.inflate(piece)) {
                if (count > maxDecoded - decoded) {
                    overflowed = true;
                    state = State.UNREADABLE;
                    return end;
                }
                decoded += count;
                sink.decoded(piece, 0, count);
                if (inflater == null) {
                    // The sink has closed this decoder.
                    return end;
                }
            }
        } catch (DataFormatException garbage) {
            state = State.UNREADABLE;
            return end;
        }
        if (inflating.finished()) {
            trailerLeft = GZIP_TRAILER;
            state = afterwards;
        } else if (inflating.needsDictionary()) {
            state = State.UNREADABLE;
        }
        return end - inflating.getRemaining();
    }
}
