package io.penstock.classify;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.penstock.policy.DefaultRules;
import java.time.Clock;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Real error answers of providers, asked as the admin API is asked, and what each of them means. */
class CorpusTest {
    private final Explainer explainer = new Explainer(new Classifier(Clock.systemUTC(), DefaultRules.ruleSet()));

    @TestFactory
    Stream<DynamicTest> judgesEveryRow() {
        return Stream.concat(Corpus.given().stream(), Corpus.collected().stream())
                .map(row -> DynamicTest.dynamicTest(
                        row.path("id").asText(), () -> Corpus.check(row, explain(Corpus.question(row)))));
    }

    @Test
    void theRowsAreThereAndToldApart() {
        List<String> ids =
                Corpus.given().stream().map(row -> row.path("id").asText()).toList();
        assertThat(ids).doesNotHaveDuplicates().hasSizeGreaterThan(120);
    }

    private JsonNode explain(ObjectNode question) {
        CapturedReader.Reading reading = CapturedReader.read(question);
        assertThat(reading).isInstanceOf(CapturedReader.Reading.Good.class);
        return ExplanationJson.of(explainer.explain(((CapturedReader.Reading.Good) reading).captured()));
    }
}
