package io.penstock.dialect;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A place in a JSON document that means something: what its value means, and which fields below it matter. An array stands
 * for each of its elements.
 */
final class JsonShape {
    private final @Nullable Mark mark;
    private final Map<String, JsonShape> fields;

    private JsonShape(@Nullable Mark mark, Map<String, JsonShape> fields) {
        this.mark = mark;
        this.fields = fields;
    }

    /** What a value means. */
    enum Mark {
        /** The kind of document; {@code error} makes it an error in every dialect. */
        TYPE(false),
        /** Anything in it is an error. */
        ERROR(true),
        /** Anything in it is part of the answer. */
        OUTPUT(true),
        MODEL(false),
        FINISH(false),
        /** Whether this is the last document of a stream. */
        DONE(false),
        /** Why the prompt was not answered at all. */
        BLOCK(false),
        /** How a Responses answer stands. */
        STATUS(false),
        /** The type of a Responses output item. */
        ITEM_TYPE(false),
        INPUT_TOKENS(false),
        /** Input that the dialect does not count in {@link #INPUT_TOKENS}. */
        INPUT_TOKENS_APART(false),
        OUTPUT_TOKENS(false),
        CACHED_TOKENS(false),
        /** Cached input that the dialect does not count in {@link #INPUT_TOKENS}. */
        CACHED_TOKENS_APART(false),
        REASONING_TOKENS(false),
        /** Reasoning that the dialect does not count in {@link #OUTPUT_TOKENS}. */
        REASONING_TOKENS_APART(false);

        private final boolean wholeSubtree;

        Mark(boolean wholeSubtree) {
            this.wholeSubtree = wholeSubtree;
        }
    }

    /** A named place. */
    record Field(String name, JsonShape shape) {}

    static JsonShape object(Field... fields) {
        Map<String, JsonShape> byName = new HashMap<>();
        for (Field field : fields) {
            byName.put(field.name(), field.shape());
        }
        return new JsonShape(null, byName);
    }

    static Field field(String name, Mark mark) {
        return new Field(name, new JsonShape(mark, Map.of()));
    }

    static Field field(String name, Field... below) {
        return new Field(name, object(below));
    }

    static Field field(String name, JsonShape shape) {
        return new Field(name, shape);
    }

    @Nullable
    Mark mark() {
        return mark;
    }

    /** The place of the field of this name, or null where it means nothing. */
    @Nullable
    JsonShape below(String name) {
        return mark != null && mark.wholeSubtree ? this : fields.get(name);
    }
}
