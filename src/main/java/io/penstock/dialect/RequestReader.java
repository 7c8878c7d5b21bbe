package io.penstock.dialect;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import io.penstock.dialect.RequestHead.Span;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads what Penstock needs to know of a request, in one pass over its bytes, and changes nothing. */
public final class RequestReader {
    private static final int MAX_MODEL = 512;
    /** A body that names its model more often than this is nobody's honest request. */
    private static final int MAX_SPANS = 16;

    private RequestReader() {}

    /**
     * Reads a request. The body is parsed where the operation is known, and where an inference call of another kind
     * carries JSON.
     *
     * @param path what follows the route's prefix: begins with a slash, without the query
     * @param contentType the request's {@code Content-Type}, or null
     * @param body the whole body, decoded from any content coding; where that is not possible, use {@link #readPath}
     */
    public static RequestReading read(
            Dialect dialect, String method, String path, @Nullable String contentType, byte[] body) {
        RequestTarget target = InferencePaths.target(dialect, method, path);
        MediaType type = MediaType.of(contentType);
        boolean json = contentType == null || type == MediaType.JSON;
        if (!target.takesBody() || (target.operation() == Operation.OTHER && !json)) {
            return new RequestReading.Read(head(target));
        }
        return new RequestReader.Pass(target).over(body);
    }

    /** What the method and the path alone say. */
    public static RequestHead readPath(Dialect dialect, String method, String path) {
        return head(InferencePaths.target(dialect, method, path));
    }

    private static RequestHead head(RequestTarget target) {
        return new RequestHead(target.operation(), target.model(), List.of(), target.streaming(), null);
    }

    /** One pass over one body. */
    private static final class Pass {
        private final RequestTarget target;
        private final List<Span> modelSpans = new ArrayList<>(1);
        private final SessionFields session = new SessionFields();
        private @Nullable String model;
        private boolean streaming;

        Pass(RequestTarget target) {
            this.target = target;
            this.model = target.model();
            this.streaming = target.streaming();
        }

        RequestReading over(byte[] body) {
            try (JsonParser parser = Json.factory().createParser(body)) {
                JsonToken first = parser.nextToken();
                if (first == null) {
                    return malformed("The request body is empty; a JSON object is expected.");
                }
                if (parser.currentTokenLocation().getByteOffset() < 0) {
                    return malformed("The request body is not UTF-8.");
                }
                if (first != JsonToken.START_OBJECT) {
                    return malformed("The request body is not a JSON object.");
                }
                while (parser.nextToken() == JsonToken.FIELD_NAME) {
                    String field = parser.currentName();
                    parser.nextToken();
                    value(field, parser);
                }
                if (parser.nextToken() != null) {
                    return malformed("The request body goes on after the end of its JSON object, at "
                            + place(parser.currentTokenLocation()) + ".");
                }
                if (modelSpans.size() > MAX_SPANS) {
                    return malformed("The request body names its model more than " + MAX_SPANS + " times.");
                }
                return new RequestReading.Read(head());
            } catch (StreamConstraintsException excess) {
                return malformed("The request body goes beyond what is read of JSON (such as " + Json.MAX_DEPTH
                        + " levels of nesting), at " + place(excess.getLocation()) + ".");
            } catch (JsonProcessingException broken) {
                return malformed(
                        "The request body is not valid JSON: it breaks at " + place(broken.getLocation()) + ".");
            } catch (IOException broken) {
                // Bytes that are no UTF-8 in a place where no location is known.
                return malformed("The request body is not valid JSON.");
            }
        }

        private void value(String field, JsonParser parser) throws IOException {
            switch (field) {
                case "model" -> model(parser);
                case "stream" -> {
                    streaming = target.streaming() || parser.currentToken() == JsonToken.VALUE_TRUE;
                    parser.skipChildren();
                }
                default -> session.read(field, parser);
            }
        }

        /**
         * Every occurrence is noted: which of two names counts is up to whoever reads the body next. Where the path names
         * the model, the body's word does not count.
         */
        private void model(JsonParser parser) throws IOException {
            if (target.model() != null || parser.currentToken() != JsonToken.VALUE_STRING) {
                parser.skipChildren();
                return;
            }
            int start = (int) parser.currentTokenLocation().getByteOffset();
            String name = parser.getText();
            int end = (int) parser.currentLocation().getByteOffset();
            if (modelSpans.size() <= MAX_SPANS) {
                modelSpans.add(new Span(start, end));
            }
            if (!name.isEmpty()) {
                model = name.length() <= MAX_MODEL ? name : name.substring(0, MAX_MODEL);
            }
        }

        private RequestHead head() {
            return new RequestHead(target.operation(), model, List.copyOf(modelSpans), streaming, session.sessionId());
        }

        private RequestReading malformed(String message) {
            return new RequestReading.Malformed(head(), message);
        }

        private static String place(@Nullable JsonLocation location) {
            return location == null
                    ? "an unknown place"
                    : "line " + location.getLineNr() + ", column " + location.getColumnNr();
        }
    }
}
