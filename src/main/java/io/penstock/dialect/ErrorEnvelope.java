package io.penstock.dialect;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * The errors that Penstock itself makes, in the native shape of the dialect that the application speaks, so that its SDK
 * raises the exception that it would raise for the vendor's own error.
 */
public final class ErrorEnvelope {

    private static final JsonFactory FACTORY = new JsonFactory();

    private ErrorEnvelope() {}

    /**
     * Renders an error body in JSON, UTF-8.
     *
     * @param status the HTTP status that goes with it
     * @param code Penstock's category; shown where the dialect has a place for a code
     */
    public static byte[] render(Dialect dialect, int status, String code, String message) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(256);
        try (JsonGenerator json = FACTORY.createGenerator(out)) {
            json.writeStartObject();
            switch (dialect) {
                case OPENAI -> openAi(json, status, code, message);
                case ANTHROPIC -> anthropic(json, status, message);
                case GEMINI -> gemini(json, status, message);
                case BEDROCK -> json.writeStringField("message", message);
                case OLLAMA -> json.writeStringField("error", message);
            }
            json.writeEndObject();
        } catch (IOException impossible) {
            throw new UncheckedIOException("a byte array refused bytes", impossible);
        }
        return out.toByteArray();
    }

    private static void openAi(JsonGenerator json, int status, String code, String message) throws IOException {
        json.writeObjectFieldStart("error");
        json.writeStringField("message", message);
        json.writeStringField("type", openAiType(status));
        json.writeNullField("param");
        json.writeStringField("code", code);
        json.writeEndObject();
    }

    private static void anthropic(JsonGenerator json, int status, String message) throws IOException {
        json.writeStringField("type", "error");
        json.writeObjectFieldStart("error");
        json.writeStringField("type", anthropicType(status));
        json.writeStringField("message", message);
        json.writeEndObject();
    }

    private static void gemini(JsonGenerator json, int status, String message) throws IOException {
        json.writeObjectFieldStart("error");
        json.writeNumberField("code", status);
        json.writeStringField("message", message);
        json.writeStringField("status", googleStatus(status));
        json.writeEndObject();
    }

    static String openAiType(int status) {
        return switch (status) {
            case 401 -> "authentication_error";
            case 403 -> "permission_error";
            case 429 -> "rate_limit_error";
            default -> status < 500 ? "invalid_request_error" : "server_error";
        };
    }

    /** Anthropic's error types by status, from its API reference ("Errors"). */
    static String anthropicType(int status) {
        return switch (status) {
            case 401 -> "authentication_error";
            case 402 -> "billing_error";
            case 403 -> "permission_error";
            case 404 -> "not_found_error";
            case 413 -> "request_too_large";
            case 429 -> "rate_limit_error";
            case 408, 504 -> "timeout_error";
            case 503, 529 -> "overloaded_error";
            default -> status < 500 ? "invalid_request_error" : "api_error";
        };
    }

    /** The canonical code of {@code google.rpc.Code} for an HTTP status. */
    static String googleStatus(int status) {
        return switch (status) {
            case 400, 413, 422 -> "INVALID_ARGUMENT";
            case 401 -> "UNAUTHENTICATED";
            case 403 -> "PERMISSION_DENIED";
            case 404 -> "NOT_FOUND";
            case 408, 504 -> "DEADLINE_EXCEEDED";
            case 409 -> "ABORTED";
            case 429 -> "RESOURCE_EXHAUSTED";
            case 499 -> "CANCELLED";
            case 501 -> "UNIMPLEMENTED";
            case 503, 529 -> "UNAVAILABLE";
            default -> status < 500 ? "FAILED_PRECONDITION" : "INTERNAL";
        };
    }
}
