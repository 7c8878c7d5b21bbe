package io.penstock.classify;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.penstock.dialect.Dialect;
import io.penstock.dialect.ErrorBodyReader;
import io.penstock.policy.DefaultRules;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The sentences after which another gateway's catalogue looks are known here, as a 400 that says nothing more. */
class ReferenceSentencesTest {
    /** Number 5 is the name of an exception and no sentence: the code book knows it. */
    private static final int NO_SENTENCE = 5;

    private static final int RULES = 34;

    private final Classifier classifier = new Classifier(Clock.systemUTC(), DefaultRules.ruleSet());

    @TestFactory
    Stream<DynamicTest> namesEverySentence() throws IOException {
        return sentences().stream()
                .map(row -> DynamicTest.dynamicTest(
                        row.path("rule").asText() + ": " + row.path("sentence").asText(), () -> assertThat(category(
                                        "invalid_request_error",
                                        row.path("sentence").asText()))
                                .isEqualTo(row.path("category").asText())));
    }

    @Test
    void everyRuleOfThatCatalogueHasASentence() throws IOException {
        TreeSet<Integer> numbers = new TreeSet<>();
        sentences().forEach(row -> numbers.add(row.path("rule").asInt()));
        assertThat(numbers)
                .containsExactlyElementsOf(IntStream.rangeClosed(1, RULES)
                        .filter(number -> number != NO_SENTENCE)
                        .boxed()
                        .toList());
        assertThat(category("ValidationException", "Something is wrong with it."))
                .isEqualTo("validation_error");
    }

    private String category(String type, String sentence) throws IOException {
        ObjectMapper json = new ObjectMapper();
        JsonNode body = json.createObjectNode()
                .set("error", json.createObjectNode().put("type", type).put("message", sentence));
        return classifier
                .classify(
                        new Failure.Answer(
                                400,
                                Failure.Headers.NONE,
                                ErrorBodyReader.read(
                                        body.toString().getBytes(StandardCharsets.UTF_8), "application/json")),
                        new Subject(Dialect.OPENAI, "up", "m", false))
                .category()
                .name();
    }

    private static List<JsonNode> sentences() throws IOException {
        try (InputStream in = ReferenceSentencesTest.class.getResourceAsStream("/corpus/reference-sentences.json")) {
            return StreamSupport.stream(
                            new ObjectMapper()
                                    .readTree(Objects.requireNonNull(in))
                                    .spliterator(),
                            false)
                    .toList();
        }
    }
}
