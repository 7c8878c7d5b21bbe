package io.penstock.dialect;

import static io.penstock.dialect.JsonShape.field;

import io.penstock.dialect.JsonShape.Mark;
import org.jspecify.annotations.Nullable;

/**
 * Gemini's {@code GenerateContentResponse}: the same document blocking, as an SSE frame and as an element of the JSON array
 * that is streamed without {@code alt=sse}. There is no end marker; the last document has a finish reason, which ends a
 * stream of events whatever becomes of its connection afterwards.
 */
final class GeminiAnswers implements AnswerProtocol {
    private static final JsonShape SHAPE = JsonShape.object(
            field("error", Mark.ERROR),
            field("modelVersion", Mark.MODEL),
            field("promptFeedback", field("blockReason", Mark.BLOCK)),
            field("candidates", field("finishReason", Mark.FINISH), field("content", field("parts", Mark.OUTPUT))),
            field(
                    "usageMetadata",
                    field("promptTokenCount", Mark.INPUT_TOKENS),
                    field("toolUsePromptTokenCount", Mark.INPUT_TOKENS_APART),
                    field("cachedContentTokenCount", Mark.CACHED_TOKENS),
                    field("candidatesTokenCount", Mark.OUTPUT_TOKENS),
                    field("thoughtsTokenCount", Mark.REASONING_TOKENS_APART)));

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

    @Override
    public boolean endsWithFinishReason() {
        return true;
    }
}
