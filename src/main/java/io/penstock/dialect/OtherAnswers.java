package io.penstock.dialect;

import static io.penstock.dialect.JsonShape.field;

import io.penstock.dialect.JsonShape.Mark;
import org.jspecify.annotations.Nullable;

/**
 * Answers whose inside matters little: embeddings, model lists, token counts, images, transcripts and whatever else. What
 * is not an error is content.
 */
final class OtherAnswers implements AnswerProtocol {
    private static final JsonShape SHAPE = JsonShape.object(
            field("type", Mark.TYPE),
            field("object", Mark.TYPE),
            field("error", Mark.ERROR),
            field("model", Mark.MODEL),
            field(
                    "usage",
                    field("prompt_tokens", Mark.INPUT_TOKENS),
                    field("input_tokens", Mark.INPUT_TOKENS),
                    field("output_tokens", Mark.OUTPUT_TOKENS)));

    @Override
    public JsonShape shape() {
        return SHAPE;
    }

    @Override
    public FrameKind kindOf(@Nullable String event, AnswerState state) {
        return state.documentIsError() ? FrameKind.ERROR : FrameKind.CONTENT;
    }

    @Override
    public boolean wholeWithoutMarker(AnswerState state) {
        return state.contentSeen();
    }
}
