package io.penstock.classify;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.penstock.dialect.Dialect;
import io.penstock.dialect.ErrorBodyReader;
import io.penstock.dialect.ProviderError;
import io.penstock.policy.DefaultRules;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * A prompt is not evidence: whatever text the caller sent and wherever a provider repeats it, the category stays the same. The
 * prompts are made of every word and number of the vocabulary and of sentences that providers send.
 */
class EchoTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final List<String> SENTENCES = List.of(
            "prompt is too long: 205429 tokens > 200000 maximum",
            "Input is too long for requested model.",
            "context length exceeded the token limit of the context window",
            "max_tokens exceed the maximum tokens allowed",
            "blocked by our content filter",
            "unknown model, the model was not found and does not exist",
            "must start with a thinking block",
            "Invalid `signature` in `thinking` block",
            "Missing required parameter. Extra inputs are not permitted",
            "image exceeds 5 MB maximum: 5242880 bytes",
            "Overloaded. The engine is currently overloaded, please try again later",
            "HTTP 529 from upstream, status=429, {\"code\":503}",
            "You exceeded your current quota, please check your plan and billing details.",
            "Your credit balance is too low to access the API. insufficient balance 余额不足",
            "Rate limit reached, please try again in 4.77s or retry after 86400 seconds",
            "incorrect api key provided, invalid x-api-key",
            "{\"error\":{\"code\":\"insufficient_quota\",\"type\":\"overloaded_error\",\"message\":\"server is busy\"}}",
            "litellm.RateLimitError: RateLimitError: OpenAIException - {'error': {'code': 'insufficient_quota'}}",
            "Error code: 429 - {'error': {'type': 'insufficient_quota'}}",
            "event: error\ndata: {\"error\":{\"code\":429}}\n\n",
            "<Error><Code>Throttling</Code></Error>");

    /** Bodies as providers make them; {@code PROMPT} stands where they repeat the request. */
    private static final Map<String, Integer> BODIES = Map.ofEntries(
            Map.entry(
                    "{\"error\":{\"message\":\"Invalid value for 'messages[0].content': got 'PROMPT'.\",\"type\":\"invalid_request_error\",\"param\":\"messages[0].content\",\"code\":\"invalid_value\"}}",
                    400),
            Map.entry(
                    "{\"error\":{\"message\":\"Unsupported parameter.\",\"type\":\"invalid_request_error\",\"param\":\"PROMPT\",\"code\":\"unsupported_parameter\"}}",
                    400),
            Map.entry(
                    "{\"type\":\"error\",\"error\":{\"type\":\"invalid_request_error\",\"message\":\"messages.0: unexpected value `PROMPT`\"}}",
                    400),
            Map.entry(
                    "{\"type\":\"error\",\"error\":{\"type\":\"rate_limit_error\",\"message\":\"Refused while you asked: \\\"PROMPT\\\"\"}}",
                    429),
            Map.entry(
                    "{\"error\":{\"message\":\"Tool call validation failed\",\"type\":\"invalid_request_error\",\"code\":\"tool_use_failed\",\"failed_generation\":\"PROMPT\"}}",
                    400),
            Map.entry(
                    "{\"detail\":[{\"loc\":[\"body\",\"n\"],\"msg\":\"Input should be an integer\",\"type\":\"int_parsing\",\"input\":\"PROMPT\"}]}",
                    422),
            Map.entry(
                    "{\"error\":{\"code\":403,\"message\":\"Your chosen model requires moderation and your input was flagged\",\"metadata\":{\"reasons\":[\"violence\"],\"flagged_input\":\"PROMPT\"}}}",
                    403),
            Map.entry(
                    "{\"error\":{\"code\":400,\"message\":\"Request contains an invalid argument.\",\"status\":\"INVALID_ARGUMENT\",\"details\":[{\"@type\":\"type.googleapis.com/google.rpc.BadRequest\",\"fieldViolations\":[{\"field\":\"contents\",\"description\":\"PROMPT\"}]},{\"@type\":\"x\",\"metadata\":{\"prompt\":\"PROMPT\"}}]}}",
                    400),
            Map.entry("{\"error\":\"model 'PROMPT' is broken\"}", 500),
            Map.entry("{\"message\":\"Malformed input request, please reformat: 'PROMPT'\"}", 400),
            Map.entry(
                    "{\"error\":{\"code\":429,\"message\":\"Rate limit exceeded\"},\"request\":{\"prompt\":\"PROMPT\"}}",
                    429),
            Map.entry(
                    "{\"error\":{\"message\":\"The server had an error\",\"type\":\"server_error\"},\"input\":\"PROMPT\"}",
                    500));

    private final Classifier classifier = new Classifier(Clock.systemUTC(), DefaultRules.ruleSet());

    @Property(tries = 400)
    void neverJudgesByWhereTheBodyRepeatsTheRequest(@ForAll("prompts") String prompt) {
        BODIES.forEach((body, status) -> assertThat(category(fill(body, prompt), status))
                .as("%s with %s", body, prompt)
                .isEqualTo(category(fill(body, "hello"), status)));
    }

    @Property(tries = 300)
    void neverJudgesByAFieldItDoesNotKnow(
            @ForAll("prompts") String prompt, @ForAll("rows") CorpusRow row, @ForAll("places") int place) {
        JsonNode document = parse(row.body());
        List<ObjectNode> objects = new ArrayList<>();
        collect(document, objects);
        ObjectNode chosen = objects.get(place % objects.size());
        // Where an object has one member only, the member's name is the error's.
        if (chosen.size() > 1) {
            chosen.put("echoed_prompt", prompt);
            ObjectNode nested = chosen.putObject("echoed_request");
            nested.putArray("messages").addObject().put("content", prompt).put("error", prompt);
            nested.putObject("error").put("code", prompt).put("message", prompt);
        }

        assertThat(classification(document.toString().getBytes(UTF_8), row))
                .as("%s with %s", row.id(), prompt)
                .isEqualTo(classification(row.body().getBytes(UTF_8), row));
    }

    @Property(tries = 300)
    void neverTakesAWaitFromARepeatedRequest(@ForAll("prompts") String prompt) {
        BODIES.forEach((body, status) -> assertThat(
                        classify(fill(body, prompt), status).retryHint())
                .as("%s with %s", body, prompt)
                .isNull());
    }

    @Test
    void knowsEveryWordOfItsPrompts() {
        assertThat(words()).hasSizeGreaterThan(250).contains("insufficientquota", "overloaded", "1302");
    }

    @Provide
    Arbitrary<String> prompts() {
        Arbitrary<String> piece = Arbitraries.oneOf(
                Arbitraries.of(words()),
                Arbitraries.of(SENTENCES),
                Arbitraries.integers().between(400, 599).map(Object::toString),
                Arbitraries.strings().ofMaxLength(20));
        Arbitrary<String> glue = Arbitraries.of(" ", "\n", ": ", "'", "\"", "', '", " - ", ". ");
        return Combinators.combine(piece.list().ofMinSize(1).ofMaxSize(8), glue)
                .as((pieces, between) -> String.join(between, pieces));
    }

    @Provide
    Arbitrary<CorpusRow> rows() {
        return Arbitraries.of(CorpusRow.all().stream()
                .filter(row -> row.status() >= 400)
                .filter(row -> row.body().strip().startsWith("{"))
                .toList());
    }

    @Provide
    Arbitrary<Integer> places() {
        return Arbitraries.integers().between(0, 1000);
    }

    private static List<String> words() {
        return Stream.concat(
                        CodeWords.all().keySet().stream(),
                        CodeFamily.all().stream().flatMap(family -> family.parts().stream()))
                .distinct()
                .sorted()
                .toList();
    }

    private static void collect(JsonNode node, List<ObjectNode> into) {
        if (node instanceof ObjectNode object) {
            into.add(object);
            object.properties().forEach(member -> collect(member.getValue(), into));
        } else if (node instanceof ArrayNode array) {
            IntStream.range(0, array.size()).forEach(i -> collect(array.get(i), into));
        }
    }

    private static JsonNode parse(String json) {
        try {
            return JSON.readTree(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The body with the prompt in its places, escaped as JSON has it. */
    private static byte[] fill(String body, String prompt) {
        String escaped = JSON.getNodeFactory().textNode(prompt).toString();
        return body.replace("PROMPT", escaped.substring(1, escaped.length() - 1))
                .getBytes(UTF_8);
    }

    private String category(byte[] body, int status) {
        return classify(body, status).category().name();
    }

    private Classification classify(byte[] body, int status) {
        ProviderError error = ErrorBodyReader.read(body, "application/json");
        return classifier.classify(
                new Failure.Answer(status, name -> null, error), new Subject(Dialect.OPENAI, "up", "m", false));
    }

    private String classification(byte[] body, CorpusRow row) {
        Map<String, String> headers = row.headers();
        Failure failure = new Failure.Answer(row.status(), headers::get, ErrorBodyReader.read(body, header(headers)));
        return classifier.classify(failure, row.subject()).category().name();
    }

    private static @Nullable String header(Map<String, String> headers) {
        return headers.get("content-type");
    }
}
