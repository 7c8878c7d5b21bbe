package io.penstock.relay;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.penstock.dialect.RequestHead;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Puts another model's name into a request without touching any other byte. */
final class ModelName {
    private ModelName() {}

    /** @param spans where the name stands in the body, quotes included, in order */
    static Buffer inBody(Buffer body, List<RequestHead.Span> spans, String name) {
        byte[] quoted = ('"' + new String(JsonStringEncoder.getInstance().quoteAsString(name)) + '"')
                .getBytes(StandardCharsets.UTF_8);
        Buffer changed = Buffer.buffer(body.length() + quoted.length);
        int from = 0;
        for (RequestHead.Span span : spans) {
            changed.appendBuffer(body, from, span.start() - from).appendBytes(quoted);
            from = span.end();
        }
        return changed.appendBuffer(body, from, body.length() - from);
    }

    /** Replaces the name in a path such as {@code /v1beta/models/NAME:generateContent}. */
    static String inPath(String path, String from, String to) {
        String marker = "/models/" + from;
        int at = path.indexOf(marker);
        int end = at + marker.length();
        boolean whole = at >= 0 && (end == path.length() || path.charAt(end) == ':' || path.charAt(end) == '?');
        return whole ? path.substring(0, at) + "/models/" + to + path.substring(end) : path;
    }
}
