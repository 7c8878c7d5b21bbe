package io.penstock.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.classify.Category;
import io.penstock.classify.Classification;
import io.penstock.classify.Classifier;
import io.penstock.classify.Failure;
import io.penstock.classify.Rule;
import io.penstock.classify.RuleCheck;
import io.penstock.classify.RuleField;
import io.penstock.classify.RuleSet;
import io.penstock.classify.Subject;
import io.penstock.dialect.Dialect;
import io.penstock.dialect.ProviderError;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The default catalogue does what its own examples say, and no rule gets in another's way. */
class DefaultRulesTest {
    private final Classifier rulesAlone =
            new Classifier(Clock.systemUTC(), new RuleSet("test", List.of(), DefaultRules.all()));

    @TestFactory
    Stream<DynamicTest> everyExampleIsHitFirstByItsOwnRule() {
        return DefaultRules.all().stream().flatMap(rule -> rule.examples().matches().stream()
                .map(example -> DynamicTest.dynamicTest(
                        rule.id() + ": " + example,
                        () -> assertThat(hit(rule, example).rules().rule()).isEqualTo(rule.id()))));
    }

    @TestFactory
    Stream<DynamicTest> noIgnoredExampleIsHitByItsRule() {
        return DefaultRules.all().stream().flatMap(rule -> rule.examples().ignores().stream()
                .map(example -> DynamicTest.dynamicTest(
                        rule.id() + ": " + example,
                        () -> assertThat(hit(rule, example).rules().rule()).isNotEqualTo(rule.id()))));
    }

    @Test
    void everyRuleHasExamplesOfBothKindsAndSaysWhatItIsFor() {
        assertThat(DefaultRules.all()).isNotEmpty().allSatisfy(rule -> {
            assertThat(rule.examples().matches()).as("matches of %s", rule.id()).isNotEmpty();
            assertThat(rule.examples().ignores()).as("ignores of %s", rule.id()).isNotEmpty();
            assertThat(rule.description()).as("description of %s", rule.id()).isNotBlank();
        });
    }

    @Test
    void noRuleIsDoubtful() {
        assertThat(DefaultRules.all())
                .allSatisfy(
                        rule -> assertThat(RuleCheck.check(rule)).as(rule.id()).isEmpty());
        assertThat(RuleCheck.checkTogether(DefaultRules.all())).isEmpty();
    }

    /** A rule for an answer to a caller's mistake must never meet one that is none. */
    @Test
    void everyRuleIsScoped() {
        assertThat(DefaultRules.all())
                .allSatisfy(rule -> assertThat(rule.scope().statuses())
                        .as("status of %s", rule.id())
                        .isNotEmpty());
    }

    @Test
    void everyCallerCategoryIsWithinReachOfARule() {
        Set<String> named = DefaultRules.all().stream()
                .map(rule -> rule.category().name())
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> caller = Category.builtIn().stream()
                .filter(Category::caller)
                .map(Category::name)
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(named).containsAll(caller);
    }

    private Classification hit(Rule rule, String example) {
        boolean code = rule.field() == RuleField.CODE;
        ProviderError error = new ProviderError(
                ProviderError.Kind.STRUCTURED,
                code ? example : null,
                null,
                null,
                null,
                code ? null : example,
                List.of(),
                example);
        int status = rule.scope().statuses().get(0).from();
        return rulesAlone.classify(
                new Failure.Answer(status, Failure.Headers.NONE, error),
                new Subject(Dialect.OPENAI, "primary", "some-model", false));
    }
}
