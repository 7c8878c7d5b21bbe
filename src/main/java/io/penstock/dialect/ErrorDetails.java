package io.penstock.dialect;

import static io.penstock.dialect.ErrorDocument.each;
import static io.penstock.dialect.ErrorDocument.elements;
import static io.penstock.dialect.ErrorDocument.text;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;
import java.util.Map;

/**
 * What providers add to an error beside its code and message: Google's {@code google.rpc} details, Azure's inner error,
 * OpenRouter's metadata, and everywhere the fields that say when to ask again. Of objects that may repeat the request only
 * the members named here are read.
 */
final class ErrorDetails {
    private static final String[] WAITS = {
        "retry_after_ms",
        "retry_after",
        "retryAfter",
        "retry_after_seconds",
        "retryDelay",
        "quotaResetDelay",
        "quotaResetTimeStamp",
        "resets_in_seconds",
        "resets_at",
        "estimated_time"
    };
    private static final int MAX_HEADERS = 64;

    private ErrorDetails() {}

    static void of(JsonNode error, ErrorFields fields) {
        elements(error.path("details")).forEach(detail -> google(detail, fields));
        // Anthropic's details are one object.
        each(error.path("details"), fields::reason, "error_code");
        // Google's older list, which stands beside the details.
        elements(error.path("errors")).forEach(old -> each(old, fields::reason, "reason"));
        each(error.path("innererror"), fields::reason, "code");
        each(error.path("inner_error"), fields::reason, "code");
        openRouter(error.path("metadata"), fields);
        if (error.has("estimated_time")) {
            // Hugging Face: how long the model will take to load.
            fields.reason("model_loading");
        }
    }

    /** When to ask again, as a field of the document itself. */
    static void waits(JsonNode o, ErrorFields fields) {
        for (String name : WAITS) {
            each(o, value -> fields.wait(name, value), name);
        }
        headers(o.path("headers"), fields);
    }

    /** One entry of {@code google.rpc.Status.details}. */
    private static void google(JsonNode detail, ErrorFields fields) {
        each(detail, fields::reason, "reason");
        String type = text(detail.path("@type"));
        if (type != null) {
            fields.reason(type.substring(type.lastIndexOf('.') + 1));
        }
        elements(detail.path("violations")).forEach(violation -> each(violation, fields::reason, "quotaId"));
        each(detail.path("metadata"), fields::reason, "quota_limit", "quotaId", "quota_unit");
        waits(detail, fields);
        waits(detail.path("metadata"), fields);
    }

    /** What OpenRouter adds about the provider behind it; whose limit it was says more than the provider's own code. */
    private static void openRouter(JsonNode metadata, ErrorFields fields) {
        each(metadata, fields::reason, "limit_source", "error_type", "provider_error_code");
        if (metadata.has("flagged_input")) {
            fields.reason("flagged_input");
        }
        waits(metadata, fields);
    }

    /** Headers that a gateway shows in its body; the name of a wait from there is the header's. */
    private static void headers(JsonNode headers, ErrorFields fields) {
        int read = 0;
        for (Map.Entry<String, JsonNode> header : headers.properties()) {
            String name = header.getKey().toLowerCase(Locale.ROOT);
            String value = text(header.getValue());
            if (value != null && (name.contains("ratelimit") || name.contains("retry-after"))) {
                fields.wait(name, value);
            }
            if (++read == MAX_HEADERS) {
                return;
            }
        }
    }
}
