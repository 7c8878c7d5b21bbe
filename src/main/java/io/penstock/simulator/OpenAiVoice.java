package io.penstock.simulator;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What OpenAI's APIs have in common: headers and errors (platform.openai.com/docs/guides/error-codes). */
abstract sealed class OpenAiVoice extends Voice permits OpenAiChatVoice, OpenAiResponsesVoice {

    /** The error of a stream that has begun. */
    static final String OVERLOADED = "Our servers are currently overloaded. Please try again later.";

    @Override
    final boolean streamWanted(Exchange exchange) {
        return exchange.json().path("stream").asBoolean(false);
    }

    @Override
    final String streamContentType(Exchange exchange) {
        return "text/event-stream; charset=utf-8";
    }

    @Override
    final Headers headers(Exchange exchange) {
        return Headers.of(
                "x-request-id", "req_%032x".formatted(exchange.number()),
                "openai-organization", "org-simulated",
                "openai-processing-ms", "42",
                "openai-version", "2020-10-01",
                "x-ratelimit-limit-requests", "10000",
                "x-ratelimit-limit-tokens", "30000",
                "x-ratelimit-remaining-requests", "9999",
                "x-ratelimit-remaining-tokens", "29970",
                "x-ratelimit-reset-requests", "6ms",
                "x-ratelimit-reset-tokens", "60ms");
    }

    @Override
    final String keepAlive() {
        return ": keep-alive\n\n";
    }

    @Override
    final Refusal refusal(Trouble trouble, Exchange exchange, Duration retryAfter) {
        return switch (trouble) {
            case BAD_REQUEST ->
                error(
                        400,
                        "Invalid 'temperature': decimal above maximum value. Expected a value <= 2, but got 200 instead.",
                        "invalid_request_error",
                        "temperature",
                        "decimal_above_max_value");
            case BAD_KEY ->
                error(
                        401,
                        "Incorrect API key provided: sk-*****own. You can find your API key at"
                                + " https://platform.openai.com/account/api-keys.",
                        "invalid_request_error",
                        null,
                        "invalid_api_key");
            case RATE_LIMITED -> rateLimited(exchange, seconds(retryAfter));
            case OUT_OF_MONEY ->
                error(
                        429,
                        "You exceeded your current quota, please check your plan and billing details. For more information"
                                + " on this error, read the docs:"
                                + " https://platform.openai.com/docs/guides/error-codes/api-errors.",
                        "insufficient_quota",
                        null,
                        "insufficient_quota");
            case SERVER_ERROR ->
                error(
                        500,
                        "The server had an error while processing your request. Sorry about that!",
                        "server_error",
                        null,
                        null);
            case OVERLOADED -> error(503, OVERLOADED, "service_unavailable_error", null, "server_is_overloaded");
        };
    }

    private static Refusal rateLimited(Exchange exchange, String seconds) {
        String message =
                "Rate limit reached for " + model(exchange, "gpt-5") + " in organization org-simulated on tokens"
                        + " per min (TPM): Limit 30000, Used 29000, Requested 2000. Please try again in " + seconds
                        + "s. Visit https://platform.openai.com/account/rate-limits to learn more.";
        Refusal plain = error(429, message, "tokens", null, "rate_limit_exceeded");
        return new Refusal(
                plain.status(), Headers.of("retry-after", seconds, "retry-after-ms", seconds + "000"), plain.body());
    }

    private static Refusal error(
            int status, String message, String type, @Nullable String param, @Nullable String code) {
        String body = """
                {
                  "error": {
                    "message": %s,
                    "type": "%s",
                    "param": %s,
                    "code": %s
                  }
                }""".formatted(
                quoted(message), type, param == null ? "null" : quoted(param), code == null ? "null" : quoted(code));
        return new Refusal(status, Headers.NONE, body);
    }
}
