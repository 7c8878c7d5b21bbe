package io.penstock.dialect;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.penstock.dialect.JsonShape.Mark;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Follows the tokens of a document through a shape and reports the scalars at its marked places. Token by token, so that
 * it works over a whole frame and over a body that comes in chunks alike.
 */
final class JsonWalk {
    private final JsonShape root;
    private final Listener listener;
    private JsonShape[] enclosing = new JsonShape[16];
    private int depth;
    private int skipping;
    /** The place of the next value. */
    private @Nullable JsonShape place;

    JsonWalk(JsonShape root, Listener listener) {
        this.root = root;
        this.listener = listener;
        this.place = root;
    }

    /** Takes what stands at a marked place. */
    interface Listener {
        /** A field was met that the shape knows, whatever its value. */
        void known(JsonShape place);

        /** A scalar, the parser's current token. */
        void scalar(Mark mark, JsonToken token, JsonParser parser) throws IOException;
    }

    /** Ready for the next document, even if the last one broke off. */
    void reset() {
        depth = 0;
        skipping = 0;
        place = root;
    }

    /** In how many objects and arrays the next token stands. */
    int depth() {
        return depth + skipping;
    }

    /** What the next value would mean, or null where it means nothing. */
    @Nullable
    Mark due() {
        return skipping > 0 || place == null ? null : place.mark();
    }

    void accept(JsonToken token, JsonParser parser) throws IOException {
        if (skipping > 0) {
            if (token.isStructStart()) {
                skipping++;
            } else if (token.isStructEnd()) {
                skipping--;
            }
        } else if (token == JsonToken.FIELD_NAME) {
            place = enclosing[depth - 1].below(parser.currentName());
            if (place != null) {
                listener.known(place);
            }
        } else if (token.isStructStart()) {
            enter();
        } else if (token.isStructEnd()) {
            depth--;
            place = depth == 0 ? root : enclosing[depth - 1];
        } else if (place != null && place.mark() != null) {
            listener.scalar(place.mark(), token, parser);
        }
    }

    private void enter() {
        JsonShape entered = place;
        if (entered == null) {
            skipping = 1;
            return;
        }
        if (depth == enclosing.length) {
            enclosing = Arrays.copyOf(enclosing, depth * 2);
        }
        enclosing[depth++] = entered;
    }
}
