package io.penstock.dialect;

import static io.penstock.dialect.JsonShape.field;

import io.penstock.dialect.JsonShape.Field;
import io.penstock.dialect.JsonShape.Mark;
import org.jspecify.annotations.Nullable;

/**
 * OpenAI's chat completions and legacy completions, and what compatible servers make of them. A stream ends with
 * {@code data: [DONE]}; some servers end it after the finish reason.
 */
final class ChatAnswers implements AnswerProtocol {
    private static final Field[] MESSAGE = {
        field("content", Mark.OUTPUT),
        field("reasoning_content", Mark.OUTPUT),
        field("reasoning", Mark.OUTPUT),
        field("reasoning_details", Mark.OUTPUT),
        field("tool_calls", Mark.OUTPUT),
        field("function_call", Mark.OUTPUT),
        field("refusal", Mark.OUTPUT),
        field("audio", Mark.OUTPUT),
        field("images", Mark.OUTPUT)
    };
    private static final JsonShape SHAPE = JsonShape.object(
            field("type", Mark.TYPE),
            field("object", Mark.TYPE),
            field("error", Mark.ERROR),
            field("model", Mark.MODEL),
            field(
                    "choices",
                    field("error", Mark.ERROR),
                    field("finish_reason", Mark.FINISH),
                    field("text", Mark.OUTPUT),
                    field("delta", MESSAGE),
                    field("message", MESSAGE)),
            field(
                    "usage",
                    field("prompt_tokens", Mark.INPUT_TOKENS),
                    field("completion_tokens", Mark.OUTPUT_TOKENS),
                    field("prompt_cache_hit_tokens", Mark.CACHED_TOKENS),
                    field("prompt_tokens_details", field("cached_tokens", Mark.CACHED_TOKENS)),
                    field("completion_tokens_details", field("reasoning_tokens", Mark.REASONING_TOKENS))));

    @Override
    public JsonShape shape() {
        return SHAPE;
    }

    @Override
    public FrameKind kindOf(@Nullable String event, AnswerState state) {
        return state.kindByContents();
    }

    @Override
    public boolean wholeWithoutMarker(AnswerState state) {
        return state.finishReason() != null;
    }
}
