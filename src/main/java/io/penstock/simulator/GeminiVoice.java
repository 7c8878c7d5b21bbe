package io.penstock.simulator;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code POST /v1beta/models/…:generateContent} and {@code :streamGenerateContent} (ai.google.dev/api/generate-content).
 * A stream is server-sent events with {@code alt=sse}, otherwise one JSON array that grows.
 */
final class GeminiVoice extends Voice {

    @Override
    boolean streamWanted(Exchange exchange) {
        return exchange.path().endsWith(":streamGenerateContent");
    }

    @Override
    String streamContentType(Exchange exchange) {
        return sse(exchange) ? "text/event-stream" : "application/json; charset=UTF-8";
    }

    @Override
    Headers headers(Exchange exchange) {
        return Headers.of(
                "server", "scaffolding on HTTPServer2",
                "server-timing", "gfet4t7; dur=42",
                "vary", "Origin",
                "vary", "X-Origin",
                "vary", "Referer",
                "x-content-type-options", "nosniff");
    }

    @Override
    String keepAlive() {
        return ": keep-alive\n\n";
    }

    @Override
    String whole(Exchange exchange, String text) {
        return chunk(exchange, text, true) + "\n";
    }

    @Override
    Frames frames(Exchange exchange, List<String> pieces) {
        List<String> chunks = new ArrayList<>();
        for (String piece : pieces) {
            chunks.add(chunk(exchange, piece, false));
        }
        String last = chunk(exchange, "", true);
        if (sse(exchange)) {
            return new Frames(
                    List.of(), chunks.stream().map(GeminiVoice::sseData).toList(), List.of(sseData(last)));
        }
        return new Frames(
                List.of("["), chunks.stream().map(chunk -> chunk + "\n,\r\n").toList(), List.of(last + "\n", "]"));
    }

    @Override
    Refusal refusal(Trouble trouble, Exchange exchange, Duration retryAfter) {
        return switch (trouble) {
            case BAD_REQUEST -> error(400, "INVALID_ARGUMENT", "Request contains an invalid argument.", "");
            case BAD_KEY -> error(400, "INVALID_ARGUMENT", "API key not valid. Please pass a valid API key.", """
                    {"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"API_KEY_INVALID",\
                    "domain":"googleapis.com","metadata":{"service":"generativelanguage.googleapis.com"}}""");
            case RATE_LIMITED ->
                error(
                        429,
                        "RESOURCE_EXHAUSTED",
                        "You exceeded your current quota, please check your plan and billing details.",
                        """
                    {"@type":"type.googleapis.com/google.rpc.QuotaFailure","violations":[{"quotaId":\
                    "GenerateRequestsPerMinutePerProjectPerModel"}]},\
                    {"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"%ss"}""".formatted(seconds(retryAfter)));
            case OUT_OF_MONEY ->
                error(
                        429,
                        "RESOURCE_EXHAUSTED",
                        "You exceeded your current quota, please check your plan and billing details.",
                        """
                    {"@type":"type.googleapis.com/google.rpc.QuotaFailure","violations":[{"quotaId":\
                    "GenerateRequestsPerDayPerProjectPerModel"}]}""");
            case SERVER_ERROR -> error(500, "INTERNAL", "An internal error has occurred. Please retry.", "");
            case OVERLOADED -> error(503, "UNAVAILABLE", "The model is overloaded. Please try again later.", "");
        };
    }

    @Override
    String overloadFrame(Exchange exchange) {
        String error = """
                {"error":{"code":503,"message":"The model is overloaded. Please try again later.",\
                "status":"UNAVAILABLE"}}""";
        return sse(exchange) ? sseData(error) : error + "\n]";
    }

    private static boolean sse(Exchange exchange) {
        return exchange.uri().contains("alt=sse");
    }

    /** Google separates events by CRLF. */
    private static String sseData(String json) {
        return "data: " + json + "\r\n\r\n";
    }

    private static Refusal error(int status, String grpcStatus, String message, String details) {
        String body = """
                {
                  "error": {
                    "code": %d,
                    "message": %s,
                    "status": "%s"%s
                  }
                }
                """.formatted(
                status, quoted(message), grpcStatus, details.isEmpty() ? "" : ",\n    \"details\": [" + details + "]");
        return new Refusal(status, Headers.NONE, body);
    }

    private static String chunk(Exchange exchange, String text, boolean last) {
        return """
                {"candidates": [{"content": {"parts": [{"text": %s}],"role": "model"}%s,"index": 0}],\
                "usageMetadata": {"promptTokenCount": 12,"candidatesTokenCount": 7,"totalTokenCount": 19},\
                "modelVersion": %s,"responseId": "sim%08d"}""".formatted(
                        quoted(text),
                        last ? ",\"finishReason\": \"STOP\"" : "",
                        quoted(model(exchange, "gemini-2.5-flash")),
                        exchange.number());
    }
}
