package io.penstock.dialect;

import org.jspecify.annotations.Nullable;

/**
 * Watches an answer whose content type says little: some servers send event streams as {@code text/plain}, as JSON or
 * without any type, and some announce a stream and then send one error document. The first byte that is not white space or
 * a byte order mark tells JSON from an event stream; what stands before it says nothing and is passed over.
 */
final class SniffingObserver implements AnswerObserver {
    private final AnswerProtocol protocol;
    private final boolean streamAnnounced;
    private @Nullable AnswerObserver recognised;
    private boolean ended;

    /** @param streamAnnounced whether the content type is that of an event stream */
    SniffingObserver(AnswerProtocol protocol, boolean streamAnnounced) {
        this.protocol = protocol;
        this.streamAnnounced = streamAnnounced;
    }

    @Override
    public void feed(byte[] bytes, int offset, int length) {
        int start = offset;
        int end = offset + length;
        if (recognised == null) {
            while (start < end && saysNothing(bytes[start])) {
                start++;
            }
            if (start < end) {
                recognised = observerOf(bytes[start]);
            }
        }
        if (recognised != null) {
            recognised.feed(bytes, start, end - start);
        }
    }

    /** White space, or a byte of a byte order mark. */
    private static boolean saysNothing(byte b) {
        return switch (b) {
            case ' ', '\t', '\r', '\n', (byte) 0xEF, (byte) 0xBB, (byte) 0xBF -> true;
            default -> false;
        };
    }

    private AnswerObserver observerOf(byte first) {
        boolean stream =
                switch (first) {
                    case 'd', 'e', 'i', 'r', ':' -> true;
                    case '{', '[', '"' -> false;
                    default -> streamAnnounced;
                };
        return stream ? new StreamObserver(new SseParser(), protocol) : new JsonObserver(protocol);
    }

    @Override
    public void end() {
        ended = true;
        if (recognised != null) {
            recognised.end();
        }
    }

    @Override
    public boolean contentSeen() {
        return recognised != null && recognised.contentSeen();
    }

    @Override
    public boolean begun() {
        return recognised != null && recognised.begun();
    }

    @Override
    public boolean malformed() {
        return recognised != null && recognised.malformed();
    }

    @Override
    public boolean complete() {
        return recognised == null ? ended && !streamAnnounced : recognised.complete();
    }

    @Override
    public @Nullable ProviderError error() {
        return recognised == null ? null : recognised.error();
    }

    @Override
    public TokenUsage usage() {
        return recognised == null ? TokenUsage.NONE : recognised.usage();
    }

    @Override
    public @Nullable String modelServed() {
        return recognised == null ? null : recognised.modelServed();
    }

    @Override
    public @Nullable String finishReason() {
        return recognised == null ? null : recognised.finishReason();
    }

    @Override
    public long frames() {
        return recognised == null ? 0 : recognised.frames();
    }
}
