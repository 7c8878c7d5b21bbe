package io.penstock.dialect;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What a {@code Content-Type} means to Penstock. */
public enum MediaType {
    EVENT_STREAM,
    NDJSON,
    JSON,
    /** Absent, or a type that servers use when they have not thought about it. */
    UNSAID,
    OTHER;

    public static MediaType of(@Nullable String contentType) {
        if (contentType == null) {
            return UNSAID;
        }
        int parameters = contentType.indexOf(';');
        String essence = (parameters < 0 ? contentType : contentType.substring(0, parameters))
                .strip()
                .toLowerCase(Locale.ROOT);
        return switch (essence) {
            case "text/event-stream" -> EVENT_STREAM;
            case "application/x-ndjson",
                    "application/ndjson",
                    "application/jsonl",
                    "application/x-jsonlines",
                    "application/stream+json" -> NDJSON;
            case "application/json", "text/json" -> JSON;
            case "", "text/plain", "application/octet-stream", "binary/octet-stream" -> UNSAID;
            default -> essence.endsWith("+json") ? JSON : OTHER;
        };
    }
}
