package io.penstock.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The shapes in which providers wrap an error in JSON. Known are OpenAI and its compatibles (vLLM, SGLang, llama.cpp,
 * Mistral, xAI, Azure, LiteLLM, OpenRouter, FastAPI servers, RFC 9457 problems), Anthropic, Google
 * ({@code google.rpc.Status}), AWS ({@code __type}, exception members), Cohere, Ollama, MiniMax ({@code base_resp}), Baidu
 * ({@code error_code}), Tencent ({@code Response.Error}) and Apigee ({@code fault}). Only places that belong to the provider's vocabulary are read: fields that
 * repeat what the caller sent ({@code failed_generation}, {@code input}, {@code flagged_input}) never are.
 */
final class ErrorDocument {

    /** How far documents inside documents are read: a gateway's message may hold one, and that one's another. */
    private static final int MAX_INNER = 3;

    private static final int MAX_ELEMENTS = 16;
    private static final String[] CODES = {
        "code", "error_code", "errorCode", "err_code", "Code", "statusCode", "status_code", "errorcode"
    };
    private static final String[] TYPES = {"type", "__type", "error_type", "errorType"};
    private static final String[] MESSAGES = {
        "message", "Message", "detail", "error_msg", "errorMessage", "error_message", "err_msg", "errmsg", "faultstring"
    };
    private static final String[] STATUSES = {"status", "http_code", "http_status"};
    /** Codes that announce a success. */
    private static final Set<String> SUCCESSES = Set.of("0", "200", "ok", "OK", "success", "Success");

    private final ErrorFields fields = new ErrorFields();
    private final int inner;

    private ErrorDocument(int inner) {
        this.inner = inner;
    }

    /** Reads a document that is known to be an error; null where nothing readable is in it. */
    static @Nullable ProviderError read(JsonNode root) {
        ErrorDocument document = new ErrorDocument(0);
        document.document(root);
        return document.fields.empty() ? null : document.fields.toError();
    }

    /** Finds the error in a document that may be an answer; null where it carries none. */
    static @Nullable ProviderError find(JsonNode root) {
        for (JsonNode candidate : root.isArray() ? elements(root) : List.of(root)) {
            ProviderError error = candidate.isObject() ? findIn(candidate) : null;
            if (error != null) {
                return error;
            }
        }
        return null;
    }

    /**
     * Finds the error in a document that holds no field of the answer that was asked for: a code and a message that stand
     * alone are one, too.
     */
    static @Nullable ProviderError findInStrange(JsonNode root) {
        ProviderError error = find(root);
        if (error != null || !root.isObject()) {
            return error;
        }
        boolean coded = any(root, CODES, code -> !SUCCESSES.contains(code))
                || any(root, STATUSES, status -> ProviderError.statusCode(status) != 0);
        return coded
                        && (any(root, MESSAGES, m -> true)
                                || root.has("msg")
                                || root.has("title")
                                || root.path("detail").isArray())
                ? read(root)
                : null;
    }

    private static @Nullable ProviderError findIn(JsonNode root) {
        ErrorDocument document = new ErrorDocument(0);
        String type = root.path("type").asText();
        if (type.equals("error")
                || type.equals("response.failed")
                || root.path("object").asText().equals("error")) {
            document.document(root);
            return document.fields.toError();
        }
        JsonNode error = envelope(root);
        if (error != null) {
            document.error(error, root);
        } else if (!document.baseResponse(root.path("base_resp")) && !document.exceptionMember(root)) {
            document.refusal(root);
        }
        return document.fields.empty() ? null : document.fields.toError();
    }

    /** Gemini refuses a prompt in a 200: a reason for the block, and no candidates. */
    private void refusal(JsonNode root) {
        JsonNode feedback = root.path("promptFeedback");
        String reason = text(feedback.path("blockReason"));
        if (reason != null && !root.has("candidates")) {
            fields.code(reason);
            fields.type("prompt_blocked");
            fields.message(text(feedback.path("blockReasonMessage")));
        }
    }

    private void document(JsonNode root) {
        if (root.isArray()) {
            // Gemini's OpenAI-compatible route wraps the whole document in an array.
            elements(root).stream().filter(JsonNode::isObject).findFirst().ifPresent(this::document);
        } else if (root.isTextual()) {
            message(root);
        } else if (root.isObject()) {
            JsonNode error = envelope(root);
            if (error != null) {
                error(error, root);
            } else if (root.path("Output").has("__type")) {
                // The envelope of AWS' internal RPC, by which its front doors refuse what they do not know.
                object(root.path("Output"));
            } else if (!baseResponse(root.path("base_resp")) && !exceptionMember(root)) {
                object(root);
            }
        }
    }

    /** The member that holds the error, wherever the document has it; null where it has none. */
    private static @Nullable JsonNode envelope(JsonNode root) {
        JsonNode errors = root.path("errors");
        for (JsonNode error : List.of(
                root.path("error"),
                root.path("response").path("error"),
                root.path("delta").path("error"),
                root.path("Response").path("Error"),
                errors.isArray() ? errors.path(0) : errors,
                root.path("fault"))) {
            boolean says = error.isTextual() ? !error.asText().isBlank() : error.isContainerNode() && !error.isEmpty();
            if (says) {
                return error;
            }
        }
        // OpenRouter reports a provider's failure inside the choice it was to give.
        for (JsonNode choice : elements(root.path("choices"))) {
            if (choice.path("error").isObject()) {
                return choice.path("error");
            }
        }
        return null;
    }

    /** Bedrock's streams name the failure by the member: {@code {"throttlingException":{"message":…}}}. */
    private boolean exceptionMember(JsonNode root) {
        if (root.size() != 1) {
            return false;
        }
        Map.Entry<String, JsonNode> member = root.properties().iterator().next();
        if (!member.getKey().endsWith("Exception") || !member.getValue().isObject()) {
            return false;
        }
        fields.type(member.getKey());
        object(member.getValue());
        return true;
    }

    /** MiniMax says in every answer, good or bad, how it went; its numbers are its own, so they keep their place's name. */
    private boolean baseResponse(JsonNode base) {
        String code = text(base.path("status_code"));
        if (code == null || SUCCESSES.contains(code)) {
            return false;
        }
        fields.code("base_resp." + code);
        fields.message(text(base.path("status_msg")));
        return true;
    }

    private void error(JsonNode error, JsonNode root) {
        if (error.isTextual() && (any(root, MESSAGES, m -> true) || root.has("error_description"))) {
            // The string is a label (Spring's reason phrase, OAuth's error code), the sentence stands beside it.
            fields.type(error.asText());
            fields.message(text(root.path("error_description")));
            object(root);
        } else if (error.isArray()) {
            elements(error).stream().limit(1).forEach(first -> error(first, root));
        } else {
            if (error.isObject()) {
                object(error);
            } else {
                message(error);
            }
            envelopeFields(root);
            each(root, this::status, "status");
        }
    }

    /** The fields that stand directly in a document, be it the whole error or only what is around it. */
    private void envelopeFields(JsonNode o) {
        if (o.has("error_msg")) {
            // Baidu's numbers are its own.
            each(o, number -> fields.code("error_code." + number), "error_code");
        }
        each(o, fields::code, CODES);
        each(o, this::type, TYPES);
        for (String name : MESSAGES) {
            message(o.path(name));
        }
        ErrorDetails.waits(o, fields);
    }

    private void object(JsonNode o) {
        envelopeFields(o);
        each(o, this::status, STATUSES);
        each(o, this::param, "param");
        each(o, fields::message, "msg", "title", "description");
        ErrorDetails.of(o, fields);
        JsonNode raw = o.path("metadata").path("raw");
        if (raw.isObject()) {
            innerDocument(raw);
        } else if (raw.isTextual() && !inner(raw.asText())) {
            fields.appendMessage(raw.asText());
        }
    }

    /** Some relays put a status here, which names no field of the request. */
    private void param(String value) {
        if (!value.chars().allMatch(Character::isDigit)) {
            fields.param(value);
        }
    }

    private void type(String value) {
        // These say only that the document, or the event, is an error.
        if (!value.equals("error") && !value.startsWith("response.")) {
            // AWS puts a namespace before it, RFC 9457 makes it a URI.
            int name = Math.max(value.lastIndexOf('#'), value.indexOf(' ') < 0 ? lastOf(value, '/', ':') : -1);
            fields.type(name + 1 < value.length() ? value.substring(name + 1) : value);
        }
    }

    private static int lastOf(String value, char a, char b) {
        return Math.max(value.lastIndexOf(a), value.lastIndexOf(b));
    }

    /** A gRPC status is a name, an HTTP status a number; the status of a job is neither. */
    private void status(String value) {
        boolean name = value.chars().allMatch(c -> c == '_' || (c >= 'A' && c <= 'Z'));
        if (name || ProviderError.statusCode(value) != 0) {
            fields.status(value);
        }
    }

    private void message(JsonNode message) {
        if (message.isTextual()) {
            String text = message.asText();
            InnerDocument.exceptions(text).forEach(fields::reason);
            if (!inner(text)) {
                fields.message(text);
            }
        } else if (message.isObject()) {
            innerDocument(message);
        } else if (message.isArray()) {
            validation(message);
        }
    }

    /** FastAPI's list of what is wrong with a request: {@code [{"loc":["body","temperature"],"msg":"…"}]}. */
    private void validation(JsonNode list) {
        List<String> sentences = new ArrayList<>();
        for (JsonNode entry : elements(list)) {
            List<String> path = new ArrayList<>();
            elements(entry.path("loc")).forEach(step -> path.add(step.asText()));
            String place = String.join(".", path);
            fields.param(place);
            String sentence =
                    entry.isTextual() ? entry.asText() : entry.path("msg").asText();
            sentences.add(place.isEmpty() ? sentence : place + ": " + sentence);
        }
        fields.message(String.join("; ", sentences));
    }

    /** Whether a text is, or ends in, an error document, which is then read. */
    private boolean inner(String text) {
        JsonNode document = inner == MAX_INNER ? null : InnerDocument.of(text);
        return document != null && innerDocument(document);
    }

    private boolean innerDocument(JsonNode node) {
        if (inner == MAX_INNER) {
            return false;
        }
        ErrorDocument document = new ErrorDocument(inner + 1);
        document.document(node);
        if (document.fields.empty()) {
            return false;
        }
        fields.origin(document.fields);
        return true;
    }

    static void each(JsonNode object, Consumer<String> sink, String... names) {
        for (String name : names) {
            String value = text(object.path(name));
            if (value != null) {
                sink.accept(value);
            }
        }
    }

    private static boolean any(JsonNode object, String[] names, Predicate<String> test) {
        for (String name : names) {
            String value = text(object.path(name));
            if (value != null && test.test(value)) {
                return true;
            }
        }
        return false;
    }

    static @Nullable String text(JsonNode node) {
        return node.isTextual() && !node.asText().isBlank() ? node.asText() : null;
    }

    static List<JsonNode> elements(JsonNode array) {
        List<JsonNode> elements = new ArrayList<>();
        for (int i = 0; array.isArray() && i < Math.min(array.size(), MAX_ELEMENTS); i++) {
            elements.add(array.get(i));
        }
        return elements;
    }
}
