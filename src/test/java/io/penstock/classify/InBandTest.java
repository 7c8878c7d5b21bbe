package io.penstock.classify;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.penstock.dialect.AnswerObserver;
import io.penstock.dialect.AnswerObservers;
import io.penstock.dialect.Dialect;
import io.penstock.dialect.Operation;
import io.penstock.dialect.Transcript;
import io.penstock.policy.DefaultRules;
import java.time.Clock;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * The same failure gives the same answer blocking and streaming: every HTTP error of the corpora is delivered once more
 * inside a stream, in a frame of its dialect. Where the status was all that told what happened, the frame says it as the
 * provider's streams do: OpenAI's and its compatibles as {@code error.code}, Google as {@code error.code}, Bedrock as the
 * name of the exception. Anthropic's types say it already.
 */
class InBandTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final String NOT_JSON = "no JSON: such a body is a proxy's, which knows nothing of the stream";
    private static final String PATH = "a 404 that only the HTTP status tells is a path; inside a stream there is none";

    /** Rows that have no counterpart inside a stream, each with the reason. */
    private static final Map<String, String> APART = Map.of("bedrock-coral-404", PATH, "more-nvidia-404", PATH);

    private final Classifier classifier = new Classifier(Clock.systemUTC(), DefaultRules.ruleSet());

    @TestFactory
    Stream<DynamicTest> judgesTheErrorInAStreamLikeTheHttpError() {
        return CorpusRow.all().stream()
                .filter(row -> row.status() >= 400 && isJson(row) && !APART.containsKey(row.id()))
                .map(row -> DynamicTest.dynamicTest(row.id(), () -> compare(row)));
    }

    @Test
    void namesTheRowsThatStandApart() {
        Set<String> withoutJson = CorpusRow.all().stream()
                .filter(row -> row.status() >= 400 && !isJson(row))
                .map(CorpusRow::id)
                .collect(Collectors.toSet());
        System.out.println(withoutJson.size() + " rows stand apart: " + NOT_JSON);

        assertThat(APART).hasSizeLessThan(10);
        assertThat(CorpusRow.all()).extracting(CorpusRow::id).containsAll(APART.keySet());
        assertThat(withoutJson)
                .allMatch(
                        id -> id.matches(
                                "(more-edge|more-proxy-string|edge|net|haproxy|nginx|cloudflare|envoy|gzip|vllm-503|bedrock-xml|cerebras).*"));
    }

    private void compare(CorpusRow row) throws JsonProcessingException {
        String asAnswer = category(row.failure(), row);
        String frame = frame(row);
        Operation operation = operation(row.dialect());
        AnswerObserver observer = row.dialect() == Dialect.BEDROCK || row.dialect() == Dialect.OLLAMA
                ? Transcript.observe(row.dialect(), frame, true, "application/x-ndjson")
                : AnswerObservers.of(row.dialect(), operation, "text/event-stream");
        if (operation != Operation.OTHER) {
            // A transcript has been fed already.
            byte[] bytes = frame.getBytes(UTF_8);
            observer.feed(bytes, 0, bytes.length);
        }
        observer.end();

        assertThat(category(AnswerVerdict.atEnd(observer, Operation.CHAT_COMPLETIONS), row))
                .as("of %s", frame)
                .isEqualTo(asAnswer);
    }

    private String category(Optional<Failure> failure, CorpusRow row) {
        return failure.map(f -> classifier.classify(f, row.subject()).category().name())
                .orElse("none");
    }

    private static Operation operation(Dialect dialect) {
        return switch (dialect) {
            case OPENAI -> Operation.CHAT_COMPLETIONS;
            case ANTHROPIC -> Operation.MESSAGES;
            case GEMINI -> Operation.GENERATE_CONTENT;
            case BEDROCK, OLLAMA -> Operation.OTHER;
        };
    }

    private static boolean isJson(CorpusRow row) {
        try {
            return JSON.readTree(row.body()).isContainerNode();
        } catch (JsonProcessingException notJson) {
            return false;
        }
    }

    private static String frame(CorpusRow row) throws JsonProcessingException {
        JsonNode body = JSON.readTree(row.body());
        JsonNode document = body.isArray() ? body.get(0) : body;
        return switch (row.dialect()) {
            case OPENAI -> "data: " + JSON.writeValueAsString(withStatus(document, row.status())) + "\n\n";
            case GEMINI -> "data: " + JSON.writeValueAsString(document) + "\r\n\r\n";
            case ANTHROPIC ->
                "event: error\ndata: " + JSON.writeValueAsString(withStatus(document, row.status())) + "\n\n";
            case BEDROCK -> JSON.writeValueAsString(asException(document, row)) + "\n";
            case OLLAMA -> JSON.writeValueAsString(withStatus(document, row.status())) + "\n";
        };
    }

    /** The error with the status as its code, where it has no code of its own. */
    private static JsonNode withStatus(JsonNode document, int status) {
        ObjectNode copy = document.deepCopy();
        ObjectNode error = copy.path("error").isObject() ? (ObjectNode) copy.path("error") : copy;
        boolean has = error.hasNonNull("code") || error.hasNonNull("statusCode") || copy.hasNonNull("code");
        if (!has || "None".equals(error.path("code").asText())) {
            error.put("code", status);
        }
        return copy;
    }

    private static JsonNode asException(JsonNode document, CorpusRow row) {
        String type = row.headers().get("x-amzn-errortype");
        if (type == null) {
            return withStatus(document, row.status());
        }
        String name = type.split(":", 2)[0];
        ObjectNode frame = JSON.createObjectNode();
        frame.set(name.substring(0, 1).toLowerCase(Locale.ROOT) + name.substring(1), document);
        return frame;
    }
}
