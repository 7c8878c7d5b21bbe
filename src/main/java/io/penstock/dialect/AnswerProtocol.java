package io.penstock.dialect;

import org.jspecify.annotations.Nullable;

/** How one API of a provider answers: where things stand in its documents, and what sorts of frame its streams have. */
interface AnswerProtocol {

    /** One shape for the API's frames and its whole bodies. */
    JsonShape shape();

    /**
     * What the document is that the state has just read.
     *
     * @param event the SSE event's name, or null
     */
    FrameKind kindOf(@Nullable String event, AnswerState state);

    /** Whether a stream that ended properly without an end marker is whole. */
    boolean wholeWithoutMarker(AnswerState state);

    /** Whether a finish reason is the end marker, so that a stream that breaks off behind it has lost nothing. */
    default boolean endsWithFinishReason() {
        return false;
    }

    static AnswerProtocol of(Operation operation) {
        return switch (operation) {
            case CHAT_COMPLETIONS, COMPLETIONS -> new ChatAnswers();
            case RESPONSES -> new ResponsesAnswers();
            case MESSAGES -> new MessagesAnswers();
            case GENERATE_CONTENT -> new GeminiAnswers();
            case EMBEDDINGS, EMBED_CONTENT, COUNT_TOKENS, MODELS, OTHER -> new OtherAnswers();
        };
    }
}
