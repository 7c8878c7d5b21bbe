package io.penstock.classify;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.policy.DefaultRules;
import java.time.Clock;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Real errors beyond those that were given, judged as traffic would be. */
class CollectedErrorsTest {

    private final Classifier classifier = new Classifier(Clock.systemUTC(), DefaultRules.ruleSet());

    @TestFactory
    Stream<DynamicTest> judgesEveryRow() {
        return CorpusRow.collected().stream()
                .map(row -> DynamicTest.dynamicTest(row.id(), () -> judge(row)));
    }

    /** The other rows of that file are judged by {@link CorpusTest}. */
    @TestFactory
    Stream<DynamicTest> judgesEveryGivenAnswerWithAGoodStatus() {
        return CorpusRow.given().stream()
                .filter(row -> row.status() == 200)
                .map(row -> DynamicTest.dynamicTest(row.id(), () -> judge(row)));
    }

    @Test
    void everyRowHasASourceAndItsOwnName() {
        assertThat(CorpusRow.all()).extracting(CorpusRow::id).doesNotHaveDuplicates();
        assertThat(CorpusRow.all())
                .allSatisfy(row -> assertThat(row.json().path("source").asText())
                        .as(row.id())
                        .isNotBlank());
        assertThat(CorpusRow.collected()).hasSizeGreaterThan(200);
    }

    private void judge(CorpusRow row) {
        Optional<Classification> judged = row.failure().map(failure -> classifier.classify(failure, row.subject()));
        assertThat(judged.map(c -> c.category().name()).orElse("none"))
                .as("category of %s", judged)
                .isIn(row.expected("category"));
        if (judged.isPresent()) {
            Classification error = judged.get();
            assertThat(error.errorType().label()).as("error type of %s", error).isIn(row.expected("error_type"));
            // After a commit nothing is repeated, whatever the category would allow.
            row.expectedFlag("failover").filter(flag -> !row.stream()).ifPresent(flag -> assertThat(
                            error.allowsFailover())
                    .as("failover of %s", error)
                    .isEqualTo(flag));
            row.expectedFlag("retry_same")
                    .ifPresent(flag -> assertThat(error.category().reaction().retry() != Reaction.Retry.NEVER)
                            .as("retry of %s", error)
                            .isEqualTo(flag));
        }
    }
}
