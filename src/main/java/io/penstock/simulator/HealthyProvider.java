package io.penstock.simulator;

/**
 * A provider of all dialects at once that is in good health: it answers by the end of the path, so that it works behind
 * any base path.
 */
final class HealthyProvider implements Provider {
    private static final Voice CHAT = Voice.openAiChat();
    private static final Voice MESSAGES = Voice.anthropic();
    private static final Voice GEMINI = Voice.gemini();

    @Override
    public Script answer(Exchange exchange) {
        return Voice.at(exchange.path()).map(voice -> voice.answer(exchange)).orElseGet(() -> withoutVoice(exchange));
    }

    private static Script withoutVoice(Exchange exchange) {
        String path = exchange.path();
        if (path.endsWith("/messages/count_tokens")) {
            return json(MESSAGES, exchange, "{\"input_tokens\":12}");
        }
        if (path.endsWith(":countTokens")) {
            return json(GEMINI, exchange, "{\"totalTokens\": 12}\n");
        }
        if (path.endsWith(":embedContent")) {
            return json(GEMINI, exchange, "{\"embedding\": {\"values\": [0.25,-0.5,0.125]}}\n");
        }
        if (path.endsWith("/embeddings")) {
            return json(CHAT, exchange, embedding(Voice.model(exchange, "text-embedding-3-small")));
        }
        if (path.endsWith("/models")) {
            return models(exchange);
        }
        return Script.answer(404, CHAT.jsonHeaders(exchange), """
                {"error":{"message":"Invalid URL (%s %s)","type":"invalid_request_error","param":null,"code":null}}""".formatted(exchange.method(), path));
    }

    private static Script models(Exchange exchange) {
        if (exchange.headers().first("anthropic-version").isPresent()) {
            return json(MESSAGES, exchange, """
                    {"data":[{"type":"model","id":"claude-sonnet-4-5","display_name":"Claude Sonnet 4.5",\
                    "created_at":"2025-09-29T00:00:00Z"}],"has_more":false,"first_id":"claude-sonnet-4-5",\
                    "last_id":"claude-sonnet-4-5"}""");
        }
        if (exchange.path().endsWith("/v1beta/models")) {
            return json(GEMINI, exchange, """
                    {"models": [{"name": "models/gemini-2.5-flash","version": "001",\
                    "displayName": "Gemini 2.5 Flash","inputTokenLimit": 1048576,"outputTokenLimit": 65536}]}
                    """);
        }
        return json(CHAT, exchange, """
                {"object":"list","data":[{"id":"gpt-5","object":"model","created":1754425777,"owned_by":"system"}]}""");
    }

    private static String embedding(String model) {
        return """
                {
                  "object": "list",
                  "data": [{"object": "embedding", "index": 0, "embedding": [0.25, -0.5, 0.125]}],
                  "model": %s,
                  "usage": {"prompt_tokens": 12, "total_tokens": 12}
                }
                """.formatted(Voice.quoted(model));
    }

    private static Script json(Voice voice, Exchange exchange, String body) {
        return Script.answer(200, voice.jsonHeaders(exchange), body);
    }
}
