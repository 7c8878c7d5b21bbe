package io.penstock.dialect;

import static io.penstock.dialect.JsonShape.field;

import io.penstock.dialect.JsonShape.Field;
import io.penstock.dialect.JsonShape.Mark;
import org.jspecify.annotations.Nullable;

/** Anthropic's messages. A stream begins with {@code message_start} and ends with {@code message_stop}. */
final class MessagesAnswers implements AnswerProtocol {
    /** What there is in a content block, its {@code type} apart: a block that is only opened is not content yet. */
    private static final Field[] BLOCK = {
        field("text", Mark.OUTPUT),
        field("thinking", Mark.OUTPUT),
        field("data", Mark.OUTPUT),
        field("name", Mark.OUTPUT),
        field("tool_use_id", Mark.OUTPUT)
    };

    private static final Field MODEL = field("model", Mark.MODEL);
    private static final Field STOP_REASON = field("stop_reason", Mark.FINISH);
    private static final Field CONTENT = field("content", BLOCK);
    private static final Field USAGE = field(
            "usage",
            field("input_tokens", Mark.INPUT_TOKENS),
            field("cache_creation_input_tokens", Mark.INPUT_TOKENS_APART),
            field("cache_read_input_tokens", Mark.CACHED_TOKENS_APART),
            field("output_tokens", Mark.OUTPUT_TOKENS));
    private static final JsonShape SHAPE = JsonShape.object(
            field("type", Mark.TYPE),
            field("error", Mark.ERROR),
            field("message", MODEL, STOP_REASON, CONTENT, USAGE),
            field("content_block", BLOCK),
            field("delta", STOP_REASON),
            MODEL,
            STOP_REASON,
            CONTENT,
            USAGE);

    @Override
    public JsonShape shape() {
        return SHAPE;
    }

    @Override
    public FrameKind kindOf(@Nullable String event, AnswerState state) {
        String type = state.documentType() != null ? state.documentType() : event;
        if (type == null || state.documentIsError()) {
            return state.kindByContents();
        }
        return switch (type) {
            case "error" -> FrameKind.ERROR;
            case "ping" -> FrameKind.KEEP_ALIVE;
            case "message_stop" -> FrameKind.TERMINAL;
            case "content_block_delta" -> FrameKind.CONTENT;
            // Its usage counts a token or so before there is any text.
            case "message_start" -> state.documentHasOutput() ? FrameKind.CONTENT : FrameKind.LIFECYCLE;
            default -> state.kindByContents();
        };
    }

    @Override
    public boolean wholeWithoutMarker(AnswerState state) {
        return false;
    }
}
