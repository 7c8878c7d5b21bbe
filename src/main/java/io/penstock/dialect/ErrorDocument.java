package io.penstock.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The shapes in which providers wrap an error in JSON. Known are OpenAI and its compatibles (vLLM, SGLang, llama.cpp,
 * Mistral, xAI, Azure, LiteLLM, OpenRouter, FastAPI servers), Anthropic, Google ({@code google.rpc.Status}), Bedrock
 * ({@code __type}, exception members), Cohere and Ollama. Fields that repeat what the caller sent
 * ({@code failed_generation}, {@code input}, {@code flagged_input}) are never read.
 */
final class ErrorDocument {

    /** How far documents inside documents are read: a gateway's message may hold one, and that one's another. */
    private static final int MAX_INNER = 2;

    private static final int MAX_ELEMENTS = 16;

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
        } else if (!document.exceptionMember(root)) {
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
            JsonNode listed = root.path("errors").path(0);
            if (error != null) {
                error(error, root);
            } else if (!listed.isMissingNode()) {
                error(listed, root);
            } else if (!exceptionMember(root)) {
                object(root);
            }
        }
    }

    /** The member that holds the error, wherever the document has it; null where it has none. */
    private static @Nullable JsonNode envelope(JsonNode root) {
        for (JsonNode error : List.of(root.path("error"), root.path("response").path("error"))) {
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

    private void error(JsonNode error, JsonNode root) {
        if (error.isTextual() && (root.has("message") || root.has("error_description"))) {
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
        }
    }

    /** The fields that stand directly in a document, be it the whole error or only what is around it. */
    private void envelopeFields(JsonNode o) {
        each(o, fields::code, "code", "error_code", "statusCode", "status_code");
        each(o, this::type, "type", "__type", "error_type");
        message(o.path("message"));
        message(o.path("detail"));
    }

    private void object(JsonNode o) {
        envelopeFields(o);
        each(o, this::status, "status");
        each(o, fields::param, "param");
        each(o, fields::message, "msg", "title");
        elements(o.path("details")).forEach(this::detail);
        each(o.path("innererror"), fields::reason, "code");
        metadata(o.path("metadata"));
    }

    private void type(String value) {
        // These say only that the document, or the event, is an error.
        if (!value.equals("error") && !value.startsWith("response.")) {
            fields.type(value.substring(value.indexOf('#') + 1));
        }
    }

    /** A gRPC status is a name; a web framework's number, or the status of a job, is not one. */
    private void status(String value) {
        if (value.chars().allMatch(c -> c == '_' || (c >= 'A' && c <= 'Z'))) {
            fields.status(value);
        }
    }

    private void message(JsonNode message) {
        if (message.isTextual()) {
            String text = message.asText();
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

    /** One entry of {@code google.rpc.Status.details}. */
    private void detail(JsonNode detail) {
        each(detail, fields::reason, "reason");
        String type = text(detail.path("@type"));
        if (type != null) {
            fields.reason(type.substring(type.lastIndexOf('.') + 1));
        }
        elements(detail.path("violations")).forEach(violation -> each(violation, fields::reason, "quotaId"));
        each(detail.path("metadata"), fields::reason, "quota_limit", "quotaId");
    }

    /** What OpenRouter adds about the provider behind it; whose limit it was says more than the provider's own code. */
    private void metadata(JsonNode metadata) {
        each(metadata, fields::reason, "limit_source", "error_type", "provider_error_code");
        if (metadata.has("flagged_input")) {
            fields.reason("flagged_input");
        }
        JsonNode raw = metadata.path("raw");
        if (raw.isObject()) {
            innerDocument(raw);
        } else if (raw.isTextual() && !inner(raw.asText())) {
            fields.appendMessage(raw.asText());
        }
    }

    /** Whether a text is itself an error document, which is then read. */
    private boolean inner(String text) {
        String stripped = text.strip();
        if (!stripped.startsWith("{") && !stripped.startsWith("[{")) {
            return false;
        }
        List<JsonNode> values = LenientJson.values(stripped);
        return !values.isEmpty() && innerDocument(values.get(0));
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

    private static void each(JsonNode object, Consumer<String> sink, String... names) {
        for (String name : names) {
            String value = text(object.path(name));
            if (value != null) {
                sink.accept(value);
            }
        }
    }

    private static @Nullable String text(JsonNode node) {
        return node.isTextual() && !node.asText().isBlank() ? node.asText() : null;
    }

    private static List<JsonNode> elements(JsonNode array) {
        List<JsonNode> elements = new ArrayList<>();
        for (int i = 0; array.isArray() && i < Math.min(array.size(), MAX_ELEMENTS); i++) {
            elements.add(array.get(i));
        }
        return elements;
    }
}
