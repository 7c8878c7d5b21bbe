package io.penstock.dialect;

import static io.penstock.dialect.JsonShape.field;

import io.penstock.dialect.JsonShape.Field;
import io.penstock.dialect.JsonShape.Mark;
import org.jspecify.annotations.Nullable;

/**
 * Ollama's {@code /api/chat} and {@code /api/generate}: the same document blocking and as a line of a stream, whose last
 * line says {@code "done": true}.
 */
final class OllamaAnswers implements AnswerProtocol {
    private static final Field THINKING = field("thinking", Mark.OUTPUT);
    private static final JsonShape SHAPE = JsonShape.object(
            field("error", Mark.ERROR),
            field("model", Mark.MODEL),
            field("message", field("content", Mark.OUTPUT), THINKING, field("tool_calls", Mark.OUTPUT)),
            field("response", Mark.OUTPUT),
            THINKING,
            field("embeddings", Mark.OUTPUT),
            field("done", Mark.DONE),
            field("done_reason", Mark.FINISH),
            field("prompt_eval_count", Mark.INPUT_TOKENS),
            field("eval_count", Mark.OUTPUT_TOKENS));

    @Override
    public JsonShape shape() {
        return SHAPE;
    }

    @Override
    public FrameKind kindOf(@Nullable String event, AnswerState state) {
        FrameKind kind = state.kindByContents();
        return state.documentIsDone() && kind != FrameKind.ERROR ? FrameKind.TERMINAL_CONTENT : kind;
    }

    @Override
    public boolean wholeWithoutMarker(AnswerState state) {
        return false;
    }
}
