package io.penstock.dialect;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import io.penstock.dialect.ProviderError.Kind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An error that a provider told inside an answer of good status, put as the body of an error answer. */
public final class ToldError {
    private ToldError() {}

    /**
     * Whether the provider called it an error. Where policy ended an answer before it began there is a reason, but no
     * error.
     */
    public static boolean isTold(ProviderError error) {
        if (error.body().isEmpty()) {
            return false;
        }
        if (error.kind() == Kind.TEXT || error.kind() == Kind.HTML) {
            return true;
        }
        List<JsonNode> values = LenientJson.values(error.body());
        JsonNode value = values.isEmpty() ? null : values.get(0);
        return value != null
                && (value.has("error")
                        || value.path("response").has("error")
                        || value.path("type").asText().equals("error"));
    }

    /**
     * The body: the provider's own bytes where they have the shape of an error answer already, else its words in the
     * dialect's envelope. JSON, UTF-8.
     *
     * @param status the HTTP status that goes with it
     * @param category stands in for a code that the provider did not give
     */
    public static byte[] body(Dialect dialect, int status, String category, ProviderError error) {
        if (isEnvelope(error)) {
            return error.body().getBytes(StandardCharsets.UTF_8);
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream(256);
        try (JsonGenerator json = Json.factory().createGenerator(out)) {
            json.writeStartObject();
            switch (dialect) {
                case OPENAI -> openAi(json, status, category, error);
                case ANTHROPIC -> anthropic(json, status, error);
                case GEMINI -> gemini(json, status, error);
                case BEDROCK -> json.writeStringField("message", message(error));
                case OLLAMA -> json.writeStringField("error", message(error));
            }
            json.writeEndObject();
        } catch (IOException impossible) {
            throw new UncheckedIOException("a byte array refused bytes", impossible);
        }
        return out.toByteArray();
    }

    /** Whether its body is whole, and an object with an {@code error} object in it, as all three dialects have it. */
    private static boolean isEnvelope(ProviderError error) {
        if (error.kind() == Kind.TEXT
                || error.kind() == Kind.HTML
                || error.body().length() >= ProviderError.MAX_BODY) {
            return false;
        }
        List<JsonNode> values = LenientJson.values(error.body());
        return values.size() == 1 && values.get(0).path("error").isObject();
    }

    private static void openAi(JsonGenerator json, int status, String category, ProviderError error)
            throws IOException {
        json.writeObjectFieldStart("error");
        json.writeStringField("message", message(error));
        json.writeStringField("type", orElse(error.type(), ErrorEnvelope.openAiType(status)));
        json.writeStringField("param", error.param());
        json.writeStringField("code", orElse(error.code(), category));
        json.writeEndObject();
    }

    private static void anthropic(JsonGenerator json, int status, ProviderError error) throws IOException {
        json.writeStringField("type", "error");
        json.writeObjectFieldStart("error");
        json.writeStringField("type", orElse(error.type(), ErrorEnvelope.anthropicType(status)));
        json.writeStringField("message", message(error));
        json.writeEndObject();
    }

    private static void gemini(JsonGenerator json, int status, ProviderError error) throws IOException {
        json.writeObjectFieldStart("error");
        json.writeNumberField("code", status);
        json.writeStringField("message", message(error));
        json.writeStringField("status", orElse(error.status(), ErrorEnvelope.googleStatus(status)));
        json.writeEndObject();
    }

    private static String message(ProviderError error) {
        return orElse(error.message(), orElse(error.code(), orElse(error.type(), "the provider reported an error")));
    }

    private static String orElse(@Nullable String text, String otherwise) {
        return text == null || text.isEmpty() ? otherwise : text;
    }
}
