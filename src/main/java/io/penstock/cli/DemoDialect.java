package io.penstock.cli;

import io.penstock.dialect.Dialect;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;

/** How an application asks in each dialect, and how it knows that a stream is whole. */
enum DemoDialect {
    OPENAI(Dialect.OPENAI, "data: [DONE]") {
        @Override
        String path(String model, boolean stream) {
            return "/v1/chat/completions";
        }

        @Override
        HttpRequest.Builder keyed(HttpRequest.Builder request, String key) {
            return request.header("authorization", "Bearer " + key);
        }
    },
    ANTHROPIC(Dialect.ANTHROPIC, "event: message_stop") {
        @Override
        String path(String model, boolean stream) {
            return "/v1/messages";
        }

        @Override
        HttpRequest.Builder keyed(HttpRequest.Builder request, String key) {
            return request.header("x-api-key", key).header("anthropic-version", "2023-06-01");
        }
    },
    GEMINI(Dialect.GEMINI, "\"finishReason\"") {
        @Override
        String path(String model, boolean stream) {
            return "/v1beta/models/" + model + (stream ? ":streamGenerateContent?alt=sse" : ":generateContent");
        }

        @Override
        HttpRequest.Builder keyed(HttpRequest.Builder request, String key) {
            return request.header("x-goog-api-key", key);
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

    HttpRequest request(String gateway, String model, boolean stream, String key) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(gateway + "/" + label() + path(model, stream)))
                .timeout(Duration.ofSeconds(15))
                .header("content-type", "application/json")
                .header("user-agent", "penstock-demo")
                .POST(BodyPublishers.ofString(body(model, stream)));
        return keyed(request, key).build();
    }

    abstract String path(String model, boolean stream);

    abstract HttpRequest.Builder keyed(HttpRequest.Builder request, String key);

    String body(String model, boolean stream) {
        return """
                {"model":"%s","max_tokens":64,"stream":%s,"messages":[{"role":"user","content":"Is the gate open?"}]}""".formatted(model, stream);
    }
}
