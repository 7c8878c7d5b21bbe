package io.penstock.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import io.penstock.dialect.ProviderError.Kind;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads what a provider's error body says: the one tolerant reader for all dialects, because gateways, relays and
 * self-hosted servers mix their shapes freely. Bounded whatever comes, and never throws.
 */
public final class ErrorBodyReader {

    /** How much of a body is judged; an error says what it is at its beginning. */
    static final int MAX_BODY_BYTES = 64 * 1024;

    private static final List<String> SSE_FIELDS = List.of("data:", "event:", "id:", "retry:", ":");
    private static final int HTML_HEAD = 1024;

    private ErrorBodyReader() {}

    /**
     * Reads the body of an answer that is known to be an error.
     *
     * @param body the body, decoded from its content coding
     * @param contentType the answer's content type, or null
     */
    public static ProviderError read(byte[] body, @Nullable String contentType) {
        String text = decode(body, 0, body.length).strip();
        return text.isEmpty() ? ProviderError.ABSENT : said(text, contentType).withBody(text);
    }

    private static ProviderError said(String text, @Nullable String contentType) {
        if (startsJson(text)) {
            List<JsonNode> values = LenientJson.values(text);
            for (JsonNode value : values) {
                ProviderError error = ErrorDocument.read(value);
                if (error != null) {
                    return error;
                }
            }
            boolean anything = values.stream().anyMatch(value -> !value.isEmpty());
            return anything ? sentence(Kind.JSON, null) : sentence(Kind.TEXT, text);
        }
        if (SSE_FIELDS.stream().anyMatch(text::startsWith)) {
            ProviderError error = firstEventError(text);
            return error != null ? error : sentence(Kind.TEXT, text);
        }
        if (text.startsWith("<") && !isHtml(text, null)) {
            ProviderError error = XmlError.read(text);
            if (error != null) {
                return error;
            }
        }
        return isHtml(text, contentType) ? sentence(Kind.HTML, title(text)) : sentence(Kind.TEXT, text);
    }

    /**
     * Finds the error inside an answer that may be none: the payload of a stream's frame, or the body of a 200.
     *
     * <p>Cheap for a frame without an error. What the model says is inside strings, where no error is sought.
     *
     * @return null where the JSON carries no error, or where it is no JSON
     */
    public static @Nullable ProviderError fromJson(byte[] json, int offset, int length) {
        String text = decode(json, offset, length).strip();
        return startsJson(text) && mayCarryError(text) ? first(text, ErrorDocument::find) : null;
    }

    /** The same, for a frame or a body that holds no field of the answer that was asked for. */
    static @Nullable ProviderError fromStrangeJson(byte[] json, int offset, int length) {
        String text = decode(json, offset, length).strip();
        return startsJson(text) && (mayCarryError(text) || mayBeError(text))
                ? first(text, ErrorDocument::findInStrange)
                : null;
    }

    /** The same, for a frame or a body that is known to be an error. */
    static @Nullable ProviderError fromErrorJson(byte[] json, int offset, int length) {
        String text = decode(json, offset, length).strip();
        ProviderError found = first(text, ErrorDocument::find);
        return found != null ? found : first(text, ErrorDocument::read);
    }

    private static @Nullable ProviderError first(String json, Function<JsonNode, @Nullable ProviderError> reading) {
        for (JsonNode value : LenientJson.values(json)) {
            ProviderError error = reading.apply(value);
            if (error != null) {
                return error.withBody(json);
            }
        }
        return null;
    }

    /** Spares nearly every frame of a healthy stream the parsing. */
    private static boolean mayCarryError(String text) {
        return text.contains("\"error\"")
                || text.contains("\"errors\"")
                || text.contains("\"fault\"")
                || text.contains("\"Error\"")
                || text.contains("\"base_resp\"")
                || text.contains("\"response.failed\"")
                || text.contains("Exception\"")
                || text.contains("\"blockReason\"");
    }

    /** Whether there may be a code, or a problem's title, in a text. */
    private static boolean mayBeError(String text) {
        return text.contains("code\"") || text.contains("Code\"") || text.contains("\"title\"");
    }

    private static String decode(byte[] bytes, int offset, int length) {
        String text = new String(bytes, offset, Math.min(length, MAX_BODY_BYTES), StandardCharsets.UTF_8);
        return text.startsWith("\uFEFF") ? text.substring(1) : text;
    }

    private static boolean startsJson(String text) {
        return text.startsWith("{") || text.startsWith("[") || text.startsWith("\"");
    }

    /** The first event that carries an error or, where none is recognised as one, what the first event says. */
    private static @Nullable ProviderError firstEventError(String text) {
        List<JsonNode> events = text.lines()
                .filter(line -> line.startsWith("data:"))
                .flatMap(line -> LenientJson.values(line.substring("data:".length())).stream())
                .toList();
        for (JsonNode event : events) {
            ProviderError error = ErrorDocument.find(event);
            if (error != null) {
                return error;
            }
        }
        return events.isEmpty() ? null : ErrorDocument.read(events.get(0));
    }

    private static boolean isHtml(String text, @Nullable String contentType) {
        if (contentType != null && contentType.toLowerCase(Locale.ROOT).contains("html")) {
            return true;
        }
        if (!text.startsWith("<")) {
            return false;
        }
        String head = text.substring(0, Math.min(text.length(), HTML_HEAD)).toLowerCase(Locale.ROOT);
        return head.contains("<html") || head.contains("<!doctype html") || head.contains("<head");
    }

    /** An HTML page's title, which is all that a record needs of it; null where it has none. */
    private static @Nullable String title(String html) {
        String lower = html.toLowerCase(Locale.ROOT);
        int open = lower.indexOf("<title");
        int start = open < 0 ? -1 : lower.indexOf('>', open);
        int end = start < 0 ? -1 : lower.indexOf("</title", start);
        return end < 0 || end > html.length() ? null : html.substring(start + 1, end);
    }

    private static ProviderError sentence(Kind kind, @Nullable String message) {
        return new ProviderError(kind, null, null, null, null, ErrorFields.cutMessage(message), List.of(), "");
    }
}
