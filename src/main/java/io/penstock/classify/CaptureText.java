package io.penstock.classify;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Recognises what somebody captured: a raw HTTP response ({@code curl -i} writes one), the transcript of an event stream, or
 * a body alone.
 *
 * @param status the status of a raw response, else null
 * @param headers of a raw response, by name in any case
 * @param stream whether the body is the transcript of a stream
 */
public record CaptureText(@Nullable Integer status, Map<String, String> headers, String body, boolean stream) {
    private static final Pattern STATUS_LINE = Pattern.compile("HTTP/[0-9.]+ ([1-5][0-9]{2})[^\\n]*\\n");
    private static final Pattern HEADER = Pattern.compile("([!-9;-~]+):[ \\t]*([^\\n]*)\\n");
    private static final List<String> STREAM_STARTS = List.of("data:", "event:", "id:", "retry:", ":");

    public static CaptureText of(String capture) {
        String text = capture.replace("\r\n", "\n");
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        Integer status = null;
        Matcher statusLine = STATUS_LINE.matcher(text);
        // An interim response, or a proxy's, may stand before the one that counts.
        while (statusLine.lookingAt()) {
            status = Integer.valueOf(statusLine.group(1));
            headers.clear();
            int at = readHeaders(text, statusLine.end(), headers);
            text = text.substring(at);
            statusLine = STATUS_LINE.matcher(text);
        }
        return new CaptureText(status, headers, text, isStream(headers.get("content-type"), text));
    }

    /** Where the body begins. */
    private static int readHeaders(String text, int from, Map<String, String> headers) {
        int at = from;
        Matcher header = HEADER.matcher(text);
        while (header.region(at, text.length()).lookingAt()) {
            headers.putIfAbsent(header.group(1), header.group(2).strip());
            at = header.end();
        }
        return at < text.length() && text.charAt(at) == '\n' ? at + 1 : at;
    }

    private static boolean isStream(@Nullable String contentType, String body) {
        if (contentType != null) {
            return contentType.contains("event-stream") || contentType.contains("ndjson");
        }
        String start = body.stripLeading();
        return STREAM_STARTS.stream().anyMatch(start::startsWith);
    }
}
