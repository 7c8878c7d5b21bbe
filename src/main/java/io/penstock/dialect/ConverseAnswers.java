package io.penstock.dialect;

import static io.penstock.dialect.JsonShape.field;

import io.penstock.dialect.JsonShape.Field;
import io.penstock.dialect.JsonShape.Mark;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Bedrock's Converse, blocking and as the events of ConverseStream, each a line of JSON under its event's name. The stream's
 * last word about the answer is {@code messageStop}; {@code metadata} with the usage may follow it.
 */
final class ConverseAnswers implements AnswerProtocol {
    private static final Field STOP_REASON = field("stopReason", Mark.FINISH);
    private static final Field USAGE = field(
            "usage",
            field("inputTokens", Mark.INPUT_TOKENS),
            field("cacheWriteInputTokens", Mark.INPUT_TOKENS_APART),
            field("cacheReadInputTokens", Mark.CACHED_TOKENS_APART),
            field("outputTokens", Mark.OUTPUT_TOKENS));
    private static final JsonShape SHAPE = shapeOfEventsAndBodies();

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

    private static JsonShape shapeOfEventsAndBodies() {
        List<Field> fields = new ArrayList<>(List.of(
                field("output", field("message", field("content", Mark.OUTPUT))),
                STOP_REASON,
                USAGE,
                field("messageStart"),
                field("contentBlockStart", field("start", field("toolUse", field("name", Mark.OUTPUT)))),
                field("contentBlockDelta", field("delta", Mark.OUTPUT)),
                field("contentBlockStop"),
                field("messageStop", STOP_REASON),
                field("metadata", USAGE)));
        // The exceptions among the members of ConverseStreamOutput, Bedrock Runtime API reference.
        for (String exception : List.of(
                "internalServerException",
                "modelStreamErrorException",
                "modelTimeoutException",
                "serviceUnavailableException",
                "throttlingException",
                "validationException")) {
            fields.add(field(exception, Mark.ERROR));
        }
        return JsonShape.object(fields.toArray(Field[]::new));
    }
}
