package io.penstock.dialect;

import static io.penstock.dialect.JsonShape.field;

import io.penstock.dialect.JsonShape.Field;
import io.penstock.dialect.JsonShape.Mark;
import org.jspecify.annotations.Nullable;

/** Cohere's chat, version 2 ({@code message-end} ends a stream) and version 1 ({@code stream-end}). */
final class CohereAnswers implements AnswerProtocol {
    private static final Field FINISH = field("finish_reason", Mark.FINISH);
    private static final Field MESSAGE = field(
            "message",
            field("content", field("text", Mark.OUTPUT), field("thinking", Mark.OUTPUT)),
            field("tool_plan", Mark.OUTPUT),
            field("tool_calls", Mark.OUTPUT));
    private static final Field USAGE = field(
            "usage",
            field("tokens", field("input_tokens", Mark.INPUT_TOKENS), field("output_tokens", Mark.OUTPUT_TOKENS)));
    private static final JsonShape SHAPE = JsonShape.object(
            field("type", Mark.TYPE),
            field("event_type", Mark.TYPE),
            field("delta", FINISH, MESSAGE, USAGE, field("error", Mark.ERROR)),
            FINISH,
            MESSAGE,
            USAGE,
            field("text", Mark.OUTPUT));

    @Override
    public JsonShape shape() {
        return SHAPE;
    }

    @Override
    public FrameKind kindOf(@Nullable String event, AnswerState state) {
        FrameKind kind = state.kindByContents();
        String type = state.documentType();
        if (kind == FrameKind.ERROR || type == null) {
            return kind;
        }
        return switch (type) {
            case "message-end", "stream-end" -> FrameKind.TERMINAL_CONTENT;
            case "message-start", "stream-start", "content-end", "tool-call-end", "citation-end" -> FrameKind.LIFECYCLE;
            default -> kind;
        };
    }

    @Override
    public boolean wholeWithoutMarker(AnswerState state) {
        return false;
    }
}
