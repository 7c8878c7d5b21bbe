package io.penstock.dialect;

import org.jspecify.annotations.Nullable;

/** Cuts the bytes of a stream into its frames, whatever the chunks they come in. Not thread-safe; keeps a bounded state. */
interface FrameParser {
    /** What is kept of one frame, in bytes; a larger one is reported as oversized, without its data. */
    int MAX_FRAME = 1024 * 1024;

    void feed(byte[] bytes, int offset, int length, Sink sink);

    /**
     * The stream has ended.
     *
     * @return what the end cut off before it was a frame by the rules of the format, or null
     */
    @Nullable
    SseEvent end();

    /** Whether something went by that the format has no meaning for. */
    boolean strange();

    /** Takes the frames, in order. */
    @FunctionalInterface
    interface Sink {
        void frame(SseEvent event);
    }
}
