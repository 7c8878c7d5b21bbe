package io.penstock.dialect;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads JSON from an untrusted peer as far as it can be read. What stands before a mistake or a cut is kept, what is
 * nested too deeply or is null is left out, numbers come as their text. Never throws.
 */
final class LenientJson {

    private static final int MAX_DEPTH = 16;
    private static final int MAX_ROOTS = 16;

    /** Field names come from a peer: they are neither interned nor kept in a shared table. */
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(JsonReadFeature.ALLOW_UNESCAPED_CONTROL_CHARS)
            .enable(JsonReadFeature.ALLOW_TRAILING_COMMA)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .build();

    private LenientJson() {}

    /** The first values of a text that holds one JSON value or several, one after another (NDJSON). */
    static List<JsonNode> values(String text) {
        ArrayNode roots = JsonNodeFactory.instance.arrayNode();
        if (!readInto(roots, text)) {
            int open = openString(text);
            if (open >= 0) {
                roots.removeAll();
                readInto(roots, text.substring(0, open) + '"');
            }
        }
        List<JsonNode> values = new ArrayList<>();
        roots.forEach(values::add);
        return values;
    }

    private static boolean readInto(ArrayNode roots, String text) {
        try (JsonParser parser = FACTORY.createParser(text)) {
            while (roots.size() < MAX_ROOTS) {
                JsonToken token = parser.nextToken();
                if (token == null) {
                    return true;
                }
                element(parser, token, roots, 0);
            }
            return true;
        } catch (IOException broken) {
            return false;
        }
    }

    private static void readObject(JsonParser parser, ObjectNode into, int depth) throws IOException {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            JsonToken token = parser.nextToken();
            switch (token) {
                case START_OBJECT, START_ARRAY -> {
                    if (depth == MAX_DEPTH) {
                        parser.skipChildren();
                    } else if (token == JsonToken.START_OBJECT) {
                        readObject(parser, into.putObject(name), depth + 1);
                    } else {
                        readArray(parser, into.putArray(name), depth + 1);
                    }
                }
                case VALUE_STRING, VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> into.put(name, parser.getText());
                case VALUE_TRUE, VALUE_FALSE -> into.put(name, token == JsonToken.VALUE_TRUE);
                default -> into.remove(name);
            }
        }
    }

    private static void readArray(JsonParser parser, ArrayNode into, int depth) throws IOException {
        for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            element(parser, token, into, depth);
        }
    }

    private static void element(JsonParser parser, JsonToken token, ArrayNode into, int depth) throws IOException {
        switch (token) {
            case START_OBJECT, START_ARRAY -> {
                if (depth == MAX_DEPTH) {
                    parser.skipChildren();
                } else if (token == JsonToken.START_OBJECT) {
                    readObject(parser, into.addObject(), depth + 1);
                } else {
                    readArray(parser, into.addArray(), depth + 1);
                }
            }
            case VALUE_STRING, VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> into.add(TextNode.valueOf(parser.getText()));
            case VALUE_TRUE, VALUE_FALSE -> into.add(BooleanNode.valueOf(token == JsonToken.VALUE_TRUE));
            default -> {}
        }
    }

    /**
     * Where a string that the text's end leaves open can be closed, half an escape sequence left out; -1 where none is
     * open. Jackson gives nothing of an unfinished string, yet that is where a message is cut.
     */
    private static int openString(String text) {
        boolean open = false;
        int end = text.length();
        for (int i = 0; i < end; i++) {
            char c = text.charAt(i);
            if (c == '"') {
                open = !open;
            } else if (c == '\\' && open) {
                int escape = i + 1 < end && text.charAt(i + 1) == 'u' ? 6 : 2;
                if (i + escape > end) {
                    return i;
                }
                i += escape - 1;
            }
        }
        return open ? end : -1;
    }
}
