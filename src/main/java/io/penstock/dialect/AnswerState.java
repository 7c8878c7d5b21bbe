package io.penstock.dialect;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.penstock.dialect.JsonShape.Mark;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is known of an answer so far, and of the document (a frame, or a whole body) that is being read. Bounded: it keeps
 * a handful of numbers and cut texts.
 */
final class AnswerState implements JsonWalk.Listener {
    private static final int MAX_MODEL = 200;
    private static final int MAX_WORD = 64;
    private static final int MAX_MESSAGE = 4_096;

    /** Finish reasons by which a provider's policy, not the model, ended the answer. */
    private static final Set<String> POLICY_REASONS = Set.of(
            "content_filter",
            "guardrail_intervened",
            "refusal",
            "SAFETY",
            "RECITATION",
            "BLOCKLIST",
            "PROHIBITED_CONTENT",
            "SPII",
            "IMAGE_SAFETY",
            "IMAGE_PROHIBITED_CONTENT",
            "IMAGE_RECITATION");

    private final UsageCounts counts = new UsageCounts();
    private boolean contentSeen;
    private boolean outputSeen;
    private boolean terminalSeen;
    private @Nullable ProviderError error;
    private @Nullable String model;
    private @Nullable String finishReason;

    private boolean documentKnown;
    private boolean documentError;
    private boolean documentOutput;
    private boolean documentFinish;
    private boolean documentUsage;
    private @Nullable String documentBlock;
    private @Nullable String documentType;
    private @Nullable String documentStatus;
    private @Nullable String documentItemType;

    void beginDocument() {
        documentKnown = false;
        documentError = false;
        documentOutput = false;
        documentFinish = false;
        documentUsage = false;
        documentBlock = null;
        documentType = null;
        documentStatus = null;
        documentItemType = null;
    }

    /** The document was too large to look into. Nothing but an answer is that large. */
    void unreadDocument() {
        beginDocument();
        documentOutput = true;
    }

    /** The document is read to its end and is of this kind; its bytes are given for the case that it is an error. */
    void endDocument(FrameKind kind, byte[] bytes, int offset, int length) {
        terminalSeen |= kind.terminal();
        if (error != null) {
            return;
        }
        // Some frames are content by their type, without a look at what is in them.
        outputSeen |= documentOutput || (kind == FrameKind.CONTENT && !documentFinish && !documentUsage);
        contentSeen |= kind.content();
        if (kind == FrameKind.ERROR) {
            error = providerError(bytes, offset, length);
        } else if (kind == FrameKind.LIFECYCLE && !documentKnown) {
            // No field of the dialect in it: it may be an error in somebody else's shape.
            error = ErrorBodyReader.fromStrangeJson(bytes, offset, length);
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

    @Override
    public void known(JsonShape place) {
        documentKnown |= place.mark() != Mark.TYPE && place.mark() != Mark.ERROR;
    }

    @Override
    public void scalar(Mark mark, JsonToken token, JsonParser parser) throws IOException {
        switch (mark) {
            case OUTPUT -> documentOutput = documentOutput || isSomething(token, parser);
            case ERROR ->
                documentError = documentError
                        || token == JsonToken.VALUE_TRUE
                        || (isSomething(token, parser) && !parser.getText().equals("0"));
            case TYPE -> {
                documentType = word(token, parser, documentType);
                documentError |= Objects.equals(documentType, "error");
            }
            case MODEL -> model = model != null ? model : text(token, parser, MAX_MODEL, null);
            case FINISH -> {
                String reason = word(token, parser, null);
                if (reason != null) {
                    finish(reason);
                    documentFinish = true;
                }
            }
            case BLOCK -> documentBlock = word(token, parser, documentBlock);
            case STATUS -> documentStatus = word(token, parser, documentStatus);
            case ITEM_TYPE -> documentItemType = word(token, parser, documentItemType);
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
                    documentUsage |= mark == Mark.OUTPUT_TOKENS && tokens > 0;
                }
            }
        }
    }

    void finish(String reason) {
        finishReason = reason;
    }

    /** The kind of a document by what it holds, for every dialect; {@code LIFECYCLE} where it holds nothing. */
    FrameKind kindByContents() {
        if (documentError || blockedWithoutAnswer()) {
            return FrameKind.ERROR;
        }
        // Some servers count along in every frame, from the first, still empty one: only tokens that were made count.
        return documentOutput || documentFinish || documentUsage ? FrameKind.CONTENT : FrameKind.LIFECYCLE;
    }

    /** Whether policy ended the answer before there was any: then it is no answer but an error. */
    boolean blockedWithoutAnswer() {
        return !answered()
                && (documentBlock != null || (finishReason != null && POLICY_REASONS.contains(finishReason)));
    }

    boolean documentIsError() {
        return documentError;
    }

    boolean documentHasOutput() {
        return documentOutput;
    }

    @Nullable
    String documentType() {
        return documentType;
    }

    @Nullable
    String documentStatus() {
        return documentStatus;
    }

    @Nullable
    String documentItemType() {
        return documentItemType;
    }

    /** Whether content has been seen, in the document being read too. */
    boolean contentSeen() {
        return contentSeen || (error == null && documentOutput && !documentError);
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

    private boolean answered() {
        return outputSeen || documentOutput;
    }

    private ProviderError providerError(byte[] bytes, int offset, int length) {
        ProviderError read = documentError || !blockedWithoutAnswer()
                ? ErrorBodyReader.fromErrorJson(bytes, offset, length)
                : ErrorBodyReader.fromJson(bytes, offset, length);
        if (read != null) {
            return read;
        }
        if (!documentError && blockedWithoutAnswer()) {
            String reason = documentBlock != null ? documentBlock : Objects.requireNonNull(finishReason);
            return new ProviderError(
                    ProviderError.Kind.STRUCTURED,
                    "content_filter",
                    null,
                    null,
                    null,
                    "The provider's policy blocked the answer: " + reason,
                    List.of(reason),
                    "");
        }
        return new ProviderError(ProviderError.Kind.JSON, null, null, null, null, null, List.of(), "");
    }

    private static boolean isSomething(JsonToken token, JsonParser parser) throws IOException {
        return token == JsonToken.VALUE_STRING ? parser.getTextLength() > 0 : token.isNumeric();
    }

    private static @Nullable String word(JsonToken token, JsonParser parser, @Nullable String otherwise)
            throws IOException {
        return text(token, parser, MAX_WORD, otherwise);
    }

    private static @Nullable String text(JsonToken token, JsonParser parser, int max, @Nullable String otherwise)
            throws IOException {
        if (token != JsonToken.VALUE_STRING || parser.getTextLength() == 0) {
            return otherwise;
        }
        return Texts.cut(parser.getText(), max);
    }
}
