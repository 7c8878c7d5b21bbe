package io.penstock.simulator;

import java.util.ArrayList;
import java.util.List;

/** {@code POST /v1/chat/completions} (platform.openai.com/docs/api-reference/chat). */
final class OpenAiChatVoice extends OpenAiVoice {
    private static final String USAGE = """
            {"prompt_tokens":12,"completion_tokens":7,"total_tokens":19,\
            "prompt_tokens_details":{"cached_tokens":0,"audio_tokens":0},\
            "completion_tokens_details":{"reasoning_tokens":0,"audio_tokens":0,\
            "accepted_prediction_tokens":0,"rejected_prediction_tokens":0}}""";

    @Override
    String whole(Exchange exchange, String text) {
        return """
                {
                  "id": "%s",
                  "object": "chat.completion",
                  "created": 1767225600,
                  "model": %s,
                  "choices": [
                    {
                      "index": 0,
                      "message": {
                        "role": "assistant",
                        "content": %s,
                        "refusal": null,
                        "annotations": []
                      },
                      "logprobs": null,
                      "finish_reason": "stop"
                    }
                  ],
                  "usage": %s,
                  "service_tier": "default",
                  "system_fingerprint": "fp_simulated"
                }
                """.formatted(id(exchange), quoted(model(exchange, "gpt-5")), quoted(text), USAGE);
    }

    @Override
    Frames frames(Exchange exchange, List<String> pieces) {
        List<String> closing = new ArrayList<>();
        closing.add(chunk(exchange, choice("{}", "\"stop\"")));
        if (exchange.json().path("stream_options").path("include_usage").asBoolean(false)) {
            closing.add(chunk(exchange, "[],\"usage\":" + USAGE));
        }
        closing.add(data("[DONE]"));
        return new Frames(
                List.of(chunk(exchange, choice("{\"role\":\"assistant\",\"content\":\"\",\"refusal\":null}", "null"))),
                pieces.stream()
                        .map(piece -> chunk(exchange, choice("{\"content\":" + quoted(piece) + "}", "null")))
                        .toList(),
                closing);
    }

    @Override
    String overloadFrame(Exchange exchange) {
        return data("""
                {"error":{"message":%s,"type":"service_unavailable_error","param":null,"code":"server_is_overloaded"}}""".formatted(quoted(OVERLOADED)));
    }

    private static String choice(String delta, String finishReason) {
        return "[{\"index\":0,\"delta\":" + delta + ",\"logprobs\":null,\"finish_reason\":" + finishReason + "}]";
    }

    private static String chunk(Exchange exchange, String choices) {
        return data("""
                {"id":"%s","object":"chat.completion.chunk","created":1767225600,"model":%s,\
                "service_tier":"default","system_fingerprint":"fp_simulated","choices":%s}""".formatted(id(exchange), quoted(model(exchange, "gpt-5")), choices));
    }

    private static String id(Exchange exchange) {
        return "chatcmpl-sim%08d".formatted(exchange.number());
    }
}
