package io.penstock.cli;

import io.penstock.dialect.Dialect;
import java.util.Map;

/** How an application asks in each dialect, and how it knows that a stream is whole. */
enum DemoDialect {
    OPENAI(Dialect.OPENAI, "data: [DONE]") {
        @Override
        String path(String model, boolean stream) {
            return "/v1/chat/completions";
        }

        @Override
        Map<String, String> credential(String key) {
            return Map.of("authorization", "Bearer " + key);
        }
    },
    ANTHROPIC(Dialect.ANTHROPIC, "event: message_stop") {
        @Override
        String path(String model, boolean stream) {
            return "/v1/messages";
        }

        @Override
        Map<String, String> credential(String key) {
            return Map.of("x-api-key", key, "anthropic-version", "2023-06-01");
        }
    },
    GEMINI(Dialect.GEMINI, "\"finishReason\"") {
        @Override
        String path(String model, boolean stream) {
            return "/v1beta/models/" + model + (stream ? ":streamGenerateContent?alt=sse" : ":generateContent");
        }

        @Override
        Map<String, String> credential(String key) {
            return Map.of("x-goog-api-key", key);
        }

        @Override
        String body(String model, boolean stream) {
            return """
                    {"contents":[{"role":"user","parts":[{"text":"Is the gate open?"}]}]}""";
        }
    };

    private final Dialect dialect;
    private final String lastOfStream;

    DemoDialect(Dialect dialect, String lastOfStream) {
        this.dialect = dialect;
        this.lastOfStream = lastOfStream;
    }

    String label() {
        return dialect.label();
    }

    /** A text that stands in a stream only at its end. */
    String lastOfStream() {
        return lastOfStream;
    }

    /** Where it asks, below its route. */
    abstract String path(String model, boolean stream);

    /** The headers that say who asks. */
    abstract Map<String, String> credential(String key);

    String body(String model, boolean stream) {
        return """
                {"model":"%s","max_tokens":64,"stream":%s,"messages":[{"role":"user","content":"Is the gate open?"}]}""".formatted(model, stream);
    }
}
