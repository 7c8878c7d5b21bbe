package io.penstock.dialect;

/** What a frame of a stream is. */
enum FrameKind {
    /** Says only that the connection lives. */
    KEEP_ALIVE(false, false),
    /** Says that an answer is being made; holds nothing of it. */
    LIFECYCLE(false, false),
    /** Text, reasoning, a tool call, a refusal, a finish reason or usage. */
    CONTENT(true, false),
    /** The dialect's end marker. */
    TERMINAL(false, true),
    /** An end marker that itself carries the answer. */
    TERMINAL_CONTENT(true, true),
    ERROR(false, false),
    /** Not the JSON it should be, or not JSON. */
    MALFORMED(false, false);

    private final boolean content;
    private final boolean terminal;

    FrameKind(boolean content, boolean terminal) {
        this.content = content;
        this.terminal = terminal;
    }

    boolean content() {
        return content;
    }

    boolean terminal() {
        return terminal;
    }
}
