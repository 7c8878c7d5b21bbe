package io.penstock.dialect;

/** Watches a stream of frames. */
final class StreamObserver implements StatefulObserver {
    private final AnswerState state = new AnswerState();
    private final FrameParser parser;
    private final FrameReader reader;
    private long frames;
    private boolean begun;
    private boolean malformed;
    private boolean whole;

    StreamObserver(FrameParser parser, AnswerProtocol protocol) {
        this.parser = parser;
        this.reader = new FrameReader(protocol, state);
    }

    @Override
    public void feed(byte[] bytes, int offset, int length) {
        parser.feed(bytes, offset, length, this::frame);
    }

    private void frame(SseEvent event) {
        frames++;
        note(reader.read(event));
    }

    private void note(FrameKind kind) {
        begun |= kind != FrameKind.KEEP_ALIVE;
        malformed |= kind == FrameKind.MALFORMED;
    }

    @Override
    public void end() {
        // Many servers forget the blank line after the last event. Their answer is whole all the same.
        SseEvent last = parser.end();
        if (last != null) {
            note(reader.read(last));
        }
        whole = reader.wholeAtEnd();
    }

    @Override
    public AnswerState state() {
        return state;
    }

    @Override
    public boolean begun() {
        return begun;
    }

    @Override
    public boolean malformed() {
        return malformed || parser.strange();
    }

    @Override
    public boolean complete() {
        return whole || state.terminalSeen() || reader.finished();
    }

    @Override
    public long frames() {
        return frames;
    }
}
