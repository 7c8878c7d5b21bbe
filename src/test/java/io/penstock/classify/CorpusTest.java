package io.penstock.classify;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.penstock.dialect.Dialect;
import io.penstock.dialect.ErrorBodyReader;
import io.penstock.dialect.ProviderError;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Real error answers of providers and what each of them means. */
class CorpusTest {

    /** Rows that cannot be judged yet, each with the reason. */
    private static final Map<String, String> LATER = new TreeMap<>(Map.ofEntries(
            Map.entry("anthropic-sse-truncated", "needs the frames: no terminal marker")));

    private final Classifier classifier = new Classifier(Clock.systemUTC(), io.penstock.policy.DefaultRules.ruleSet());

    @TestFactory
    Stream<DynamicTest> judgesEveryRow() throws IOException {
        return rows().stream()
                .filter(row -> !LATER.containsKey(row.path("id").asText()))
                .map(row -> DynamicTest.dynamicTest(row.path("id").asText(), () -> judge(row)));
    }

    @Test
    void namesTheRowsThatAreLeftForLater() throws IOException {
        List<String> ids = rows().stream().map(row -> row.path("id").asText()).toList();
        LATER.forEach((id, reason) -> System.out.println("not judged yet: " + id + " (" + reason + ")"));
        assertThat(ids).containsAll(LATER.keySet()).doesNotHaveDuplicates();
        assertThat(ids).hasSizeGreaterThan(100);
    }

    private void judge(JsonNode row) {
        Optional<Failure> failure = failure(row);
        JsonNode expect = row.path("expect");
        assertThat(failure.isEmpty())
                .as("success")
                .isEqualTo(expect.path("outcome").asText().equals("success"));
        failure.map(f -> classifier.classify(f, subject(row))).ifPresent(result -> compare(result, row, expect));
    }

    private static void compare(Classification result, JsonNode row, JsonNode expect) {
        assertThat(texts(expect.path("error_type")))
                .as("error type of %s", result)
                .contains(result.errorType().label());
        assertThat(texts(expect.path("category")))
                .as("category of %s", result)
                .contains(result.category().name());
        // After a commit nothing is repeated, whatever the category would allow.
        if (!row.path("stream").asBoolean()) {
            assertThat(result.allowsFailover())
                    .as("failover of %s", result)
                    .isEqualTo(expect.path("failover").asBoolean());
        }
        if (expect.has("retry_same")) {
            assertThat(result.reaction().retry() != Reaction.Retry.NEVER)
                    .as("retry of %s", result)
                    .isEqualTo(expect.path("retry_same").asBoolean());
        }
    }

    /** What the relay would have seen; empty for an answer without an error. */
    private static Optional<Failure> failure(JsonNode row) {
        String body = row.path("body").asText();
        if (row.has("failure")) {
            return Optional.of(new Failure.Signalled(signal(row.path("failure").asText()), null));
        }
        int status = row.path("status").asInt();
        if (status >= 400) {
            Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
            row.path("headers")
                    .properties()
                    .forEach(e -> headers.put(e.getKey(), e.getValue().asText()));
            ProviderError error =
                    ErrorBodyReader.read(body.getBytes(StandardCharsets.UTF_8), headers.get("content-type"));
            return Optional.of(new Failure.Answer(status, headers::get, error));
        }
        if (body.isBlank()) {
            return Optional.of(new Failure.Signalled(Signal.EMPTY, null));
        }
        if (body.startsWith("<")) {
            return Optional.of(new Failure.Signalled(Signal.MALFORMED, null));
        }
        Stream<String> payloads = row.path("stream").asBoolean()
                ? body.lines().filter(line -> line.startsWith("data:")).map(line -> line.substring("data:".length()))
                : Stream.of(body);
        return payloads.map(payload -> payload.getBytes(StandardCharsets.UTF_8))
                .map(payload -> ErrorBodyReader.fromJson(payload, 0, payload.length))
                .filter(Objects::nonNull)
                .findFirst()
                .map(Failure.InBand::new);
    }

    private static Signal signal(String label) {
        return Stream.of(Signal.values())
                .filter(s -> s.label().equals(label))
                .findFirst()
                .orElseThrow();
    }

    private static Subject subject(JsonNode row) {
        return new Subject(Dialect.of(row.path("dialect").asText()).orElseThrow(), "up", "some-model", false);
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(node -> texts.add(node.asText().toLowerCase(Locale.ROOT)));
        return texts;
    }

    private static List<JsonNode> rows() throws IOException {
        try (InputStream in = CorpusTest.class.getResourceAsStream("/corpus/provider-errors.json")) {
            return StreamSupport.stream(new ObjectMapper().readTree(in).spliterator(), false)
                    .toList();
        }
    }
}
