package io.penstock.dialect;

import org.jspecify.annotations.Nullable;

/**
 * Watches an answer whose content type says nothing: some servers send event streams as {@code text/plain} or without any
 * type. Its first byte that is not white space or a byte order mark tells JSON from an event stream.
 */
final class SniffingObserver implements AnswerObserver {
    private final AnswerProtocol protocol;
    private @Nullable AnswerObserver recognised;
    private boolean ended;

    SniffingObserver(AnswerProtocol protocol) {
        this.protocol = protocol;
    }

    @Override
    public void feed(byte[] bytes, int offset, int length) {
        if (recognised == null) {
            recognised = recognise(bytes, offset, length);
        }
        if (recognised != null) {
            recognised.feed(bytes, offset, length);
        }
    }

    private @Nullable AnswerObserver recognise(byte[] bytes, int offset, int length) {
        for (int i = offset; i < offset + length; i++) {
            switch (bytes[i]) {
                case ' ', '\t', '\r', '\n' -> {}
                // A byte order mark.
                case (byte) 0xEF, (byte) 0xBB, (byte) 0xBF -> {}
                case 'd', 'e', 'i', 'r', ':' -> {
                    return new StreamObserver(new SseParser(), protocol);
                }
                default -> {
                    return new JsonObserver(protocol);
                }
            }
        }
        return null;
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
    public boolean complete() {
        return recognised == null ? ended : recognised.complete();
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
