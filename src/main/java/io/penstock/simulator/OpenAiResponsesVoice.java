package io.penstock.simulator;

import java.util.ArrayList;
import java.util.List;

/** {@code POST /v1/responses} (platform.openai.com/docs/api-reference/responses-streaming). */
final class OpenAiResponsesVoice extends OpenAiVoice {
    private static final String USAGE = """
            {"input_tokens":12,"input_tokens_details":{"cached_tokens":0},"output_tokens":7,\
            "output_tokens_details":{"reasoning_tokens":0},"total_tokens":19}""";

    @Override
    String whole(Exchange exchange, String text) {
        return response(exchange, "completed", "[" + item(exchange, "completed", "[" + part(text) + "]") + "]", USAGE);
    }

    @Override
    Frames frames(Exchange exchange, List<String> pieces) {
        String begun = response(exchange, "in_progress", "[]", "null");
        String place = "\"item_id\":\"%s\",\"output_index\":0,\"content_index\":0".formatted(itemId(exchange));
        String text = String.join("", pieces);
        List<String> opening = List.of(
                frame(0, "response.created", "\"response\":" + begun),
                frame(1, "response.in_progress", "\"response\":" + begun),
                frame(
                        2,
                        "response.output_item.added",
                        "\"output_index\":0,\"item\":" + item(exchange, "in_progress", "[]")),
                frame(3, "response.content_part.added", place + ",\"part\":" + part("")));
        List<String> content = new ArrayList<>();
        int sequence = opening.size();
        for (String piece : pieces) {
            content.add(frame(
                    sequence++,
                    "response.output_text.delta",
                    place + ",\"delta\":" + quoted(piece) + ",\"logprobs\":[]"));
        }
        List<String> closing = List.of(
                frame(
                        sequence++,
                        "response.output_text.done",
                        place + ",\"text\":" + quoted(text) + ",\"logprobs\":[]"),
                frame(sequence++, "response.content_part.done", place + ",\"part\":" + part(text)),
                frame(
                        sequence++,
                        "response.output_item.done",
                        "\"output_index\":0,\"item\":" + item(exchange, "completed", "[" + part(text) + "]")),
                frame(sequence, "response.completed", "\"response\":" + whole(exchange, text)));
        return new Frames(opening, content, closing);
    }

    @Override
    String overloadFrame(Exchange exchange) {
        String error = "{\"code\":\"server_is_overloaded\",\"message\":" + quoted(OVERLOADED) + "}";
        String failed = response(exchange, "failed", "[]", "null").replace("\"error\":null", "\"error\":" + error);
        return frame(9, "response.failed", "\"response\":" + failed);
    }

    private static String frame(int sequence, String type, String fields) {
        return event(type, "{\"type\":\"%s\",\"sequence_number\":%d,%s}".formatted(type, sequence, fields));
    }

    private static String response(Exchange exchange, String status, String output, String usage) {
        return """
                {"id":"resp_sim%08d","object":"response","created_at":1767225600,"status":"%s","error":null,\
                "incomplete_details":null,"instructions":null,"max_output_tokens":null,"metadata":{},"model":%s,\
                "output":%s,"parallel_tool_calls":true,"previous_response_id":null,"store":true,"temperature":1.0,\
                "text":{"format":{"type":"text"}},"tool_choice":"auto","tools":[],"top_p":1.0,\
                "truncation":"disabled","usage":%s}""".formatted(exchange.number(), status, quoted(model(exchange, "gpt-5")), output, usage);
    }

    private static String item(Exchange exchange, String status, String content) {
        return """
                {"id":"%s","type":"message","status":"%s","role":"assistant","content":%s}""".formatted(itemId(exchange), status, content);
    }

    private static String part(String text) {
        return "{\"type\":\"output_text\",\"text\":" + quoted(text) + ",\"annotations\":[],\"logprobs\":[]}";
    }

    private static String itemId(Exchange exchange) {
        return "msg_sim%08d".formatted(exchange.number());
    }
}
