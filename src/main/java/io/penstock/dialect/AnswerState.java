package io.penstock.dialect;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.penstock.dialect.JsonShape.Mark;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is known of an answer so far, and of the document (a frame, or a whole body) that is being read. Bounded: it keeps
 * a handful of numbers and cut texts.
 */
final class AnswerState implements JsonWalk.Listener {
    private static final int MAX_MODEL = 200;
    private static final int MAX_MESSAGE = 4_096;

    private final UsageCounts counts = new UsageCounts();
    private final DocumentMarks document = new DocumentMarks();
    private boolean contentSeen;
    private boolean outputSeen;
    private boolean terminalSeen;
    private boolean finishing;
    private boolean finished;
    private @Nullable ProviderError error;
    private @Nullable String model;
    private @Nullable String finishReason;

    void beginDocument() {
        document.clear();
    }

    /** The document was too large to look into. Nothing but an answer is that large. */
    void unreadDocument() {
        beginDocument();
        document.unread();
    }

    /** The document is read to its end and is of this kind; its bytes are given for the case that it is an error. */
    void endDocument(FrameKind kind, byte[] bytes, int offset, int length) {
        terminalSeen |= kind.terminal();
        // Output behind a finish reason takes it back: some models have told one with every frame.
        finished = finishing || (finished && !document.hasOutput());
        finishing = false;
        if (error != null) {
            return;
        }
        // Some frames are content by their type, without a look at what is in them.
        outputSeen |= document.hasOutput() || (kind == FrameKind.CONTENT && !document.hasEnding());
        contentSeen |= kind.content();
        if (kind == FrameKind.ERROR) {
            error = providerError(bytes, offset, length);
        } else if (kind == FrameKind.LIFECYCLE && !document.isKnown()) {
            // No field of the dialect in it: it may be an error in somebody else's shape.
            error = ErrorBodyReader.fromStrangeJson(bytes, offset, length);
        } else if (kind == FrameKind.LIFECYCLE) {
            // MiniMax refuses in an answer's own form: no choices, and beside them how it went.
            error = ErrorBodyReader.fromJson(bytes, offset, length);
        }
        beginDocument();
    }

    /** An event named as an error, whose data is not the dialect's JSON. */
    void textError(String text) {
        if (error == null) {
            error = new ProviderError(
                            ProviderError.Kind.TEXT,
                            null,
                            null,
                            null,
                            null,
                            Texts.cut(text, MAX_MESSAGE),
                            List.of(),
                            "")
                    .withBody(text);
        }
    }

    void terminal() {
        terminalSeen = true;
    }

    /** A value at a place of output has begun, and is long; its end is still to come. */
    void outputUnderWay() {
        document.output();
    }

    @Override
    public void known(JsonShape place) {
        document.known(place);
    }

    @Override
    public void scalar(Mark mark, JsonToken token, JsonParser parser) throws IOException {
        switch (mark) {
            case OUTPUT -> document.output(token, parser);
            case ERROR -> document.error(token, parser);
            case TYPE -> document.type(token, parser);
            case MODEL -> model = model != null ? model : DocumentMarks.text(token, parser, MAX_MODEL, null);
            case FINISH -> {
                String reason = DocumentMarks.word(token, parser, null);
                if (reason != null) {
                    finishing = true;
                    finish(reason);
                    document.finish();
                }
            }
            case DONE -> document.done(token);
            case BLOCK -> document.block(token, parser);
            case STATUS -> document.status(token, parser);
            case ITEM_TYPE -> document.itemType(token, parser);
            case INPUT_TOKENS,
                    INPUT_TOKENS_APART,
                    OUTPUT_TOKENS,
                    CACHED_TOKENS,
                    CACHED_TOKENS_APART,
                    REASONING_TOKENS,
                    REASONING_TOKENS_APART -> {
                if (token.isNumeric()) {
                    long tokens = parser.getValueAsLong();
                    counts.count(mark, tokens);
                    if (mark == Mark.OUTPUT_TOKENS && tokens > 0) {
                        document.usage();
                    }
                }
            }
        }
    }

    void finish(String reason) {
        finishReason = reason;
    }

    /** The kind of a document by what it holds, for every dialect; {@code LIFECYCLE} where it holds nothing. */
    FrameKind kindByContents() {
        if (document.isError() || endedWithoutAnswer()) {
            return FrameKind.ERROR;
        }
        // Some servers count along in every frame, from the first, still empty one: only tokens that were made count.
        return document.hasOutput() || document.hasEnding() ? FrameKind.CONTENT : FrameKind.LIFECYCLE;
    }

    /**
     * Whether the answer was ended before there was any, by policy or by a breakdown of the provider: then it is no answer
     * but an error.
     */
    boolean endedWithoutAnswer() {
        if (outputSeen || document.hasOutput()) {
            return false;
        }
        FinishReason reason = FinishReason.of(finishReason);
        return document.block() != null || reason.policy() || reason == FinishReason.ERROR;
    }

    boolean documentIsError() {
        return document.isError();
    }

    boolean documentHasOutput() {
        return document.hasOutput();
    }

    boolean documentIsDone() {
        return document.isDone();
    }

    @Nullable
    String documentType() {
        return document.type();
    }

    @Nullable
    String documentStatus() {
        return document.status();
    }

    @Nullable
    String documentItemType() {
        return document.itemType();
    }

    /** Whether content has been seen, in the document being read too. */
    boolean contentSeen() {
        return contentSeen || (error == null && document.hasOutput() && !document.isError());
    }

    /** Whether the answer has told why it ended, and gone on with nothing since. */
    boolean finished() {
        return finished;
    }

    boolean terminalSeen() {
        return terminalSeen;
    }

    @Nullable
    ProviderError error() {
        return error;
    }

    @Nullable
    String model() {
        return model;
    }

    @Nullable
    String finishReason() {
        return finishReason;
    }

    TokenUsage usage() {
        return counts.usage();
    }

    private ProviderError providerError(byte[] bytes, int offset, int length) {
        boolean ended = !document.isError() && endedWithoutAnswer();
        ProviderError read = ended
                ? ErrorBodyReader.fromJson(bytes, offset, length)
                : ErrorBodyReader.fromErrorJson(bytes, offset, length);
        if (read != null) {
            return read;
        }
        String reason = document.block() != null ? document.block() : finishReason;
        if (!ended || reason == null) {
            return new ProviderError(ProviderError.Kind.JSON, null, null, null, null, null, List.of(), "");
        }
        return document.block() == null && FinishReason.of(reason) == FinishReason.ERROR
                ? stated(reason, "server_error", "The provider ended the answer: " + reason, reason)
                : stated("content_filter", null, "The provider's policy blocked the answer: " + reason, reason);
    }

    private static ProviderError stated(String code, @Nullable String type, String message, String reason) {
        return new ProviderError(ProviderError.Kind.STRUCTURED, code, type, null, null, message, List.of(reason), "");
    }
}
