package io.penstock.dialect;

import static io.penstock.dialect.JsonShape.field;

import io.penstock.dialect.JsonShape.Field;
import io.penstock.dialect.JsonShape.Mark;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * OpenAI's responses. A stream ends with {@code response.completed}, {@code response.incomplete} or
 * {@code response.failed}, each of which carries the whole answer once more.
 */
final class ResponsesAnswers implements AnswerProtocol {
    private static final Field[] RESPONSE = {
        field("model", Mark.MODEL),
        field("status", Mark.STATUS),
        field("error", Mark.ERROR),
        field("incomplete_details", field("reason", Mark.FINISH)),
        field(
                "output",
                field("content", field("text", Mark.OUTPUT), field("refusal", Mark.OUTPUT)),
                field("summary", field("text", Mark.OUTPUT)),
                field("name", Mark.OUTPUT),
                field("action", Mark.OUTPUT),
                field("result", Mark.OUTPUT)),
        field(
                "usage",
                field("input_tokens", Mark.INPUT_TOKENS),
                field("input_tokens_details", field("cached_tokens", Mark.CACHED_TOKENS)),
                field("output_tokens", Mark.OUTPUT_TOKENS),
                field("output_tokens_details", field("reasoning_tokens", Mark.REASONING_TOKENS)))
    };
    private static final JsonShape SHAPE = shapeOfEventsAndBodies();

    @Override
    public JsonShape shape() {
        return SHAPE;
    }

    @Override
    public FrameKind kindOf(@Nullable String event, AnswerState state) {
        String type = state.documentType() != null ? state.documentType() : event;
        if (type == null) {
            return body(state);
        }
        return switch (type) {
            case "error", "response.failed" -> FrameKind.ERROR;
            case "response.created",
                    "response.in_progress",
                    "response.queued",
                    "response.content_part.added",
                    "response.reasoning_summary_part.added" -> FrameKind.LIFECYCLE;
            case "response.output_item.added" -> itemAdded(state);
            case "response.completed", "response.incomplete" -> ended(state);
            // The rest are the deltas, the parts that are done and the steps of the provider's own tools.
            default -> type.startsWith("response.") ? FrameKind.CONTENT : FrameKind.KEEP_ALIVE;
        };
    }

    @Override
    public boolean wholeWithoutMarker(AnswerState state) {
        return false;
    }

    private static FrameKind itemAdded(AnswerState state) {
        String item = state.documentItemType();
        // A message or a line of thought begins empty; a tool call is there when it begins.
        return "message".equals(item) || "reasoning".equals(item) ? FrameKind.LIFECYCLE : FrameKind.CONTENT;
    }

    private static FrameKind ended(AnswerState state) {
        if (state.finishReason() == null) {
            state.finish(Objects.requireNonNullElse(state.documentStatus(), "completed"));
        }
        return state.documentIsError() || state.endedWithoutAnswer() ? FrameKind.ERROR : FrameKind.TERMINAL_CONTENT;
    }

    private static FrameKind body(AnswerState state) {
        String status = state.documentStatus();
        if (status == null) {
            return state.kindByContents();
        }
        return switch (status) {
            case "failed" -> FrameKind.ERROR;
            case "queued", "in_progress" -> FrameKind.CONTENT;
            default -> ended(state) == FrameKind.ERROR ? FrameKind.ERROR : FrameKind.CONTENT;
        };
    }

    private static JsonShape shapeOfEventsAndBodies() {
        Field[] both = new Field[RESPONSE.length + 3];
        System.arraycopy(RESPONSE, 0, both, 0, RESPONSE.length);
        both[RESPONSE.length] = field("type", Mark.TYPE);
        both[RESPONSE.length + 1] = field("item", field("type", Mark.ITEM_TYPE));
        both[RESPONSE.length + 2] = field("response", RESPONSE);
        return JsonShape.object(both);
    }
}
