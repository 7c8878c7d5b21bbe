package io.penstock.dialect;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.penstock.dialect.JsonShape.Mark;
import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What stands at the marked places of the document that is being read: a frame, or a whole body. */
final class DocumentMarks {
    private static final int MAX_WORD = 64;

    private boolean known;
    private boolean error;
    private boolean output;
    private boolean finish;
    private boolean usage;
    private boolean done;
    private @Nullable String block;
    private @Nullable String type;
    private @Nullable String status;
    private @Nullable String itemType;

    void clear() {
        known = false;
        error = false;
        output = false;
        finish = false;
        usage = false;
        done = false;
        block = null;
        type = null;
        status = null;
        itemType = null;
    }

    /** A field was met that the dialect knows. */
    void known(JsonShape place) {
        known |= place.mark() != Mark.TYPE && place.mark() != Mark.ERROR;
    }

    void output(JsonToken token, JsonParser parser) throws IOException {
        output = output || isSomething(token, parser);
    }

    /** Output has begun that is known to be something before its end. */
    void output() {
        output = true;
    }

    /** The document is too large to look into. Nothing but an answer is that large. */
    void unread() {
        output = true;
    }

    void error(JsonToken token, JsonParser parser) throws IOException {
        error = error
                || token == JsonToken.VALUE_TRUE
                || (isSomething(token, parser) && !parser.getText().equals("0"));
    }

    void type(JsonToken token, JsonParser parser) throws IOException {
        type = word(token, parser, type);
        error |= Objects.equals(type, "error");
    }

    void block(JsonToken token, JsonParser parser) throws IOException {
        block = word(token, parser, block);
    }

    void status(JsonToken token, JsonParser parser) throws IOException {
        status = word(token, parser, status);
    }

    void itemType(JsonToken token, JsonParser parser) throws IOException {
        itemType = word(token, parser, itemType);
    }

    void done(JsonToken token) {
        done |= token == JsonToken.VALUE_TRUE;
    }

    void finish() {
        finish = true;
    }

    void usage() {
        usage = true;
    }

    boolean isKnown() {
        return known;
    }

    boolean isError() {
        return error;
    }

    boolean hasOutput() {
        return output;
    }

    /** Whether there is a finish reason, or usage that says that tokens were made. */
    boolean hasEnding() {
        return finish || usage;
    }

    boolean isDone() {
        return done;
    }

    /** Why the prompt was not answered at all. */
    @Nullable
    String block() {
        return block;
    }

    @Nullable
    String type() {
        return type;
    }

    @Nullable
    String status() {
        return status;
    }

    @Nullable
    String itemType() {
        return itemType;
    }

    static @Nullable String word(JsonToken token, JsonParser parser, @Nullable String otherwise) throws IOException {
        return text(token, parser, MAX_WORD, otherwise);
    }

    static @Nullable String text(JsonToken token, JsonParser parser, int max, @Nullable String otherwise)
            throws IOException {
        if (token != JsonToken.VALUE_STRING || parser.getTextLength() == 0) {
            return otherwise;
        }
        return Texts.cut(parser.getText(), max);
    }

    private static boolean isSomething(JsonToken token, JsonParser parser) throws IOException {
        return token == JsonToken.VALUE_STRING ? parser.getTextLength() > 0 : token.isNumeric();
    }
}
