package io.penstock.relay;

import java.util.List;

/** What providers and applications say, in OpenAI's words. */
final class Wire {
    static final String REQUEST = """
            {"model":"gpt-5","messages":[{"role":"user","content":"Hi"}]}""";

    static final String ANSWER = """
            {"id":"c1","object":"chat.completion","model":"gpt-5-2025","choices":[{"index":0,"message":\
            {"role":"assistant","content":"Hello"},"finish_reason":"stop"}],\
            "usage":{"prompt_tokens":7,"completion_tokens":2,"total_tokens":9}}""";

    static final String PING = ": ping\n\n";
    static final String ROLE = """
            data: {"object":"chat.completion.chunk","choices":[{"index":0,"delta":{"role":"assistant","content":""}}]}

            """;
    static final String HELLO = delta("Hello");
    static final String WORLD = delta(" world");
    static final String STOP = """
            data: {"object":"chat.completion.chunk","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}

            """;
    static final String DONE = "data: [DONE]\n\n";
    static final String STREAM_OVERLOADED = """
            data: {"error":{"message":"The engine is overloaded","type":"server_error","code":"overloaded_error"}}

            """;

    /** A stream that is fine, with a comment, a CRLF and an odd space in it. */
    static final List<String> STREAM = List.of(PING, ROLE, HELLO, "data:  {\"odd\" : 1}\r\n\r\n", WORLD, STOP, DONE);

    static final String CONTEXT_TOO_LONG = error("invalid_request_error", "context_length_exceeded", "Too long.");
    static final String BAD_PARAMETER = error("invalid_request_error", "invalid_value", "Bad temperature.");
    static final String NO_SUCH_MODEL = error("invalid_request_error", "model_not_found", "No such model.");
    static final String RATE_LIMITED = error("requests", "rate_limit_exceeded", "Slow down.");
    static final String NO_MONEY = error("insufficient_quota", "insufficient_quota", "Check your plan.");
    static final String BAD_KEY = error("invalid_request_error", "invalid_api_key", "Incorrect API key.");
    static final String OVERLOADED = error("overloaded_error", "overloaded", "Overloaded.");
    static final String BROKEN = error("server_error", "internal_error", "The server had an error.");

    private Wire() {}

    static String error(String type, String code, String message) {
        return "{\"error\": {\"message\":\"" + message + "\",\"type\":\"" + type + "\",\"code\":\"" + code + "\"}}\n";
    }

    static String delta(String text) {
        return "data: {\"object\":\"chat.completion.chunk\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"" + text
                + "\"}}]}\n\n";
    }
}
