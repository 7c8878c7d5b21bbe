package io.penstock.relay;

import io.penstock.dialect.Dialect;
import io.vertx.core.http.HttpMethod;
import java.util.ArrayList;
import java.util.List;

/** What a stream consists of in each API: frames that hold nothing of an answer, frames that do, its end, an overload. */
enum Tongue {
    CHAT(
            Dialect.OPENAI,
            "/v1/chat/completions",
            "{\"model\":\"gpt-5\",\"stream\":true,\"messages\":[]}",
            "text/event-stream",
            List.of(Wire.PING, Wire.ROLE),
            List.of(Wire.HELLO, Wire.WORLD),
            List.of(Wire.STOP, Wire.DONE),
            Wire.STREAM_OVERLOADED),
    RESPONSES(
            Dialect.OPENAI,
            "/v1/responses",
            "{\"model\":\"gpt-5\",\"stream\":true,\"input\":\"Hi\"}",
            "text/event-stream",
            List.of(
                    event(
                            "response.created",
                            "{\"type\":\"response.created\",\"response\":{\"status\":\"in_progress\"}}"),
                    event(
                            "response.output_item.added",
                            "{\"type\":\"response.output_item.added\",\"item\":{\"type\":\"message\",\"content\":[]}}")),
            List.of(
                    event(
                            "response.output_text.delta",
                            "{\"type\":\"response.output_text.delta\",\"delta\":\"Hello\"}"),
                    event(
                            "response.output_text.delta",
                            "{\"type\":\"response.output_text.delta\",\"delta\":\" world\"}")),
            List.of(event(
                    "response.completed",
                    "{\"type\":\"response.completed\",\"response\":{\"status\":\"completed\",\"output\":[{\"content\":"
                            + "[{\"text\":\"Hello world\"}]}]}}")),
            event(
                    "error",
                    "{\"type\":\"error\",\"code\":\"server_is_overloaded\",\"message\":\"Overloaded.\",\"param\":null,"
                            + "\"sequence_number\":2}")),
    MESSAGES(
            Dialect.ANTHROPIC,
            "/v1/messages",
            "{\"model\":\"claude-sonnet-4-5\",\"stream\":true,\"max_tokens\":9,\"messages\":[]}",
            "text/event-stream; charset=utf-8",
            List.of(
                    event(
                            "message_start",
                            "{\"type\":\"message_start\",\"message\":{\"model\":\"claude\",\"content\":[],\"usage\":"
                                    + "{\"input_tokens\":9,\"output_tokens\":1}}}"),
                    event("ping", "{\"type\": \"ping\"}"),
                    event(
                            "content_block_start",
                            "{\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}}")),
            List.of(
                    event(
                            "content_block_delta",
                            "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"Hello\"}}"),
                    event(
                            "content_block_delta",
                            "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"!\"}}")),
            List.of(
                    event(
                            "message_delta",
                            "{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"},\"usage\":{\"output_tokens\":2}}"),
                    event("message_stop", "{\"type\":\"message_stop\"}")),
            event(
                    "error",
                    "{\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}}")),
    GEMINI(
            Dialect.GEMINI,
            "/v1beta/models/gemini-3:streamGenerateContent?alt=sse",
            "{\"contents\":[]}",
            "text/event-stream",
            List.of(": keep-alive\n\n"),
            List.of(data(part("Hello")), data(part(" world"))),
            List.of(data("{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"\"}]},\"finishReason\":\"STOP\"}]}")),
            data("{\"error\":{\"code\":503,\"message\":\"The model is overloaded.\",\"status\":\"UNAVAILABLE\"}}")),
    GEMINI_ARRAY(
            Dialect.GEMINI,
            "/v1beta/models/gemini-3:streamGenerateContent",
            "{\"contents\":[]}",
            "application/json; charset=UTF-8",
            List.of("[", "\n"),
            List.of(part("Hello"), "\n,\r\n" + part(" world")),
            List.of(
                    "\n,\r\n{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"\"}]},\"finishReason\":\"STOP\"}]}\n",
                    "]"),
            "{\"error\":{\"code\":503,\"message\":\"The model is overloaded.\",\"status\":\"UNAVAILABLE\"}}\n]");

    final Dialect dialect;
    final String contentType;
    final List<String> lifecycle;
    final List<String> content;
    final List<String> closing;
    final String overloaded;
    private final String path;
    private final String body;

    Tongue(
            Dialect dialect,
            String path,
            String body,
            String contentType,
            List<String> lifecycle,
            List<String> content,
            List<String> closing,
            String overloaded) {
        this.dialect = dialect;
        this.path = path;
        this.body = body;
        this.contentType = contentType;
        this.lifecycle = lifecycle;
        this.content = content;
        this.closing = closing;
        this.overloaded = overloaded;
    }

    /** What is asked for, the query included. */
    String path() {
        return path;
    }

    /** A request for a stream, or for a whole answer where the API tells the two apart by the body. */
    String body(boolean streaming) {
        return streaming ? body : body.replace("\"stream\":true,", "");
    }

    Rig ask(Rig rig) {
        return rig.asks(dialect, HttpMethod.POST, path, body);
    }

    /** A whole stream that is fine, in frames. */
    List<String> frames() {
        List<String> all = new ArrayList<>(lifecycle);
        all.addAll(content);
        all.addAll(closing);
        return all;
    }

    String whole() {
        return String.join("", frames());
    }

    String begun() {
        return String.join("", lifecycle);
    }

    /** Answers with these pieces, and says no more. */
    Script says(String... pieces) {
        return call -> {
            call.head(200, "content-type", contentType);
            for (String piece : pieces) {
                call.chunk(piece);
            }
        };
    }

    Script streamsWell() {
        return call -> {
            call.head(200, "content-type", contentType);
            frames().forEach(call::chunk);
            call.end();
        };
    }

    private static String event(String name, String data) {
        return "event: " + name + "\n" + data(data);
    }

    private static String data(String data) {
        return "data: " + data + "\n\n";
    }

    private static String part(String text) {
        return "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"" + text + "\"}],\"role\":\"model\"}}]}";
    }
}
