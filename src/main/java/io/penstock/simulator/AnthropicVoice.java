package io.penstock.simulator;

import java.time.Duration;
import java.util.List;

/** {@code POST /v1/messages} (docs.claude.com/en/api/messages-streaming, /en/api/errors, /en/api/rate-limits). */
final class AnthropicVoice extends Voice {

    @Override
    boolean streamWanted(Exchange exchange) {
        return exchange.json().path("stream").asBoolean(false);
    }

    @Override
    String streamContentType(Exchange exchange) {
        return "text/event-stream; charset=utf-8";
    }

    @Override
    Headers headers(Exchange exchange) {
        return Headers.of(
                "request-id", requestId(exchange),
                "anthropic-organization-id", "00000000-0000-4000-8000-000000000000",
                "anthropic-ratelimit-requests-limit", "4000",
                "anthropic-ratelimit-requests-remaining", "3999",
                "anthropic-ratelimit-input-tokens-limit", "80000",
                "anthropic-ratelimit-input-tokens-remaining", "79000",
                "server", "cloudflare",
                "via", "1.1 google");
    }

    @Override
    String keepAlive() {
        return event("ping", "{\"type\": \"ping\"}");
    }

    @Override
    String whole(Exchange exchange, String text) {
        return message(exchange, "[{\"type\":\"text\",\"text\":" + quoted(text) + "}]", "\"end_turn\"", 7);
    }

    @Override
    Frames frames(Exchange exchange, List<String> pieces) {
        return new Frames(
                List.of(
                        event(
                                "message_start",
                                "{\"type\":\"message_start\",\"message\":" + message(exchange, "[]", "null", 1)
                                        + "      }"),
                        event(
                                "content_block_start",
                                "{\"type\":\"content_block_start\",\"index\":0,"
                                        + "\"content_block\":{\"type\":\"text\",\"text\":\"\"}            }"),
                        keepAlive()),
                pieces.stream()
                        .map(piece -> event(
                                "content_block_delta",
                                "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\","
                                        + "\"text\":" + quoted(piece) + "}   }"))
                        .toList(),
                List.of(
                        event("content_block_stop", "{\"type\":\"content_block_stop\",\"index\":0  }"),
                        event(
                                "message_delta",
                                "{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\","
                                        + "\"stop_sequence\":null},\"usage\":{\"output_tokens\":7}}"),
                        event("message_stop", "{\"type\":\"message_stop\"     }")));
    }

    @Override
    Refusal refusal(Trouble trouble, Exchange exchange, Duration retryAfter) {
        return switch (trouble) {
            case BAD_REQUEST ->
                error(
                        400,
                        Headers.of("x-should-retry", "false"),
                        "invalid_request_error",
                        "messages: roles must alternate between \"user\" and \"assistant\", but found multiple \"user\""
                                + " roles in a row",
                        exchange);
            case BAD_KEY ->
                error(
                        401,
                        Headers.of("x-should-retry", "false"),
                        "authentication_error",
                        "invalid x-api-key",
                        exchange);
            case RATE_LIMITED ->
                error(
                        429,
                        Headers.of("retry-after", seconds(retryAfter), "x-should-retry", "true"),
                        "rate_limit_error",
                        "This request would exceed your organization’s rate limit of 80,000 input tokens per minute. For"
                                + " details, refer to: https://docs.anthropic.com/en/api/rate-limits; see the response"
                                + " headers for current usage.",
                        exchange);
            case OUT_OF_MONEY ->
                error(
                        400,
                        Headers.of("x-should-retry", "false"),
                        "invalid_request_error",
                        "Your credit balance is too low to access the Anthropic API. Please go to Plans & Billing to"
                                + " upgrade or purchase credits.",
                        exchange);
            case SERVER_ERROR ->
                error(500, Headers.of("x-should-retry", "true"), "api_error", "Internal server error", exchange);
            case OVERLOADED ->
                error(529, Headers.of("x-should-retry", "true"), "overloaded_error", "Overloaded", exchange);
        };
    }

    @Override
    String overloadFrame(Exchange exchange) {
        return event("error", error("overloaded_error", "Overloaded", exchange));
    }

    private static Refusal error(int status, Headers headers, String type, String message, Exchange exchange) {
        return new Refusal(status, headers, error(type, message, exchange));
    }

    private static String error(String type, String message, Exchange exchange) {
        return """
                {"type":"error","error":{"type":"%s","message":%s},"request_id":"%s"}""".formatted(type, quoted(message), requestId(exchange));
    }

    private static String message(Exchange exchange, String content, String stopReason, int outputTokens) {
        return """
                {"model":%s,"id":"msg_01Sim%08d","type":"message","role":"assistant","content":%s,\
                "stop_reason":%s,"stop_sequence":null,"usage":{"input_tokens":12,"cache_creation_input_tokens":0,\
                "cache_read_input_tokens":0,"output_tokens":%d,"service_tier":"standard"}}""".formatted(
                quoted(model(exchange, "claude-sonnet-4-5")), exchange.number(), content, stopReason, outputTokens);
    }

    private static String requestId(Exchange exchange) {
        return "req_01Sim%018d".formatted(exchange.number());
    }
}
