package io.penstock.dialect;

import org.jspecify.annotations.Nullable;

/** Watches an answer that cannot be looked into, such as audio: knows that it began and that it ended. */
final class OpaqueObserver implements AnswerObserver {
    private boolean begun;
    private boolean ended;

    @Override
    public void feed(byte[] bytes, int offset, int length) {
        begun |= length > 0;
    }

    @Override
    public void end() {
        ended = true;
    }

    @Override
    public boolean contentSeen() {
        return begun;
    }

    @Override
    public boolean begun() {
        return begun;
    }

    @Override
    public boolean malformed() {
        return false;
    }

    @Override
    public boolean complete() {
        return ended;
    }

    @Override
    public @Nullable ProviderError error() {
        return null;
    }

    @Override
    public TokenUsage usage() {
        return TokenUsage.NONE;
    }

    @Override
    public @Nullable String modelServed() {
        return null;
    }

    @Override
    public @Nullable String finishReason() {
        return null;
    }

    @Override
    public long frames() {
        return 0;
    }
}
