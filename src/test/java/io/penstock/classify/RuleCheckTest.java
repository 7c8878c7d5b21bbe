package io.penstock.classify;

import static io.penstock.classify.TestRules.rule;
import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.classify.RuleScope.StatusRange;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RuleCheckTest {

    @Test
    void aGoodRuleIsFine() {
        assertThat(RuleCheck.check(rule("good")
                        .examples(List.of("the budget is used up"), List.of("the budget is fine"))
                        .pattern("budget.*used up")))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            REGEX    | `529`           | is a bare number
            REGEX    | `busy|529`      | is a bare number
            CONTAINS | `529`           | is a bare number
            REGEX    | `(busy)?`       | matches the empty string
            REGEX    | `a*|b`          | matches the empty string
            """)
    void warnsOfWhatExperienceSpeaksAgainst(RuleMatch match, String pattern, String words) {
        assertThat(RuleCheck.check(rule("doubtful").match(match).pattern(pattern)))
                .singleElement()
                .satisfies(problem -> {
                    assertThat(problem.error()).isFalse();
                    assertThat(problem.rule()).isEqualTo("doubtful");
                    assertThat(problem.message()).contains(words);
                });
    }

    @Test
    void warnsOfAnythingOverTheBody() {
        assertThat(RuleCheck.check(rule("wide").in(RuleField.BODY).pattern("model.*not (a|.+) found")))
                .singleElement()
                .satisfies(problem -> assertThat(problem.message()).contains("from one field into another"));
        assertThat(RuleCheck.check(rule("narrow").in(RuleField.BODY).pattern("model not found")))
                .isEmpty();
    }

    @Test
    void warnsOfACallerCategoryOutside4xx() {
        TestRules caller = rule("caller").names(Category.CONTEXT_LIMIT);

        assertThat(RuleCheck.check(caller.pattern("too long")))
                .singleElement()
                .satisfies(problem -> assertThat(problem.key()).isEqualTo("status"));
        assertThat(RuleCheck.check(caller.scope(statuses(400, 422)).pattern("too long")))
                .isEmpty();
        assertThat(RuleCheck.check(caller.scope(statuses(400, 500)).pattern("too long")))
                .hasSize(1);
    }

    @Test
    void warnsOfARuleThatIsNeverReached() {
        List<Rule> rules = List.of(
                rule("narrow")
                        .order(2)
                        .examples(List.of("budget used up"), List.of())
                        .pattern("budget used"),
                rule("broad").order(1).pattern("budget"),
                rule("same").order(3).pattern("BUDGET"),
                rule("other").order(4).examples(List.of("quota"), List.of()).pattern("quota"));

        assertThat(RuleCheck.checkTogether(rules)).extracting(RuleProblem::rule).containsExactly("narrow", "same");
    }

    @Test
    void aRuleOfANarrowerScopeHidesNothing() {
        List<Rule> rules = List.of(
                rule("first").scope(statuses(400, 499)).pattern("budget"),
                rule("second").pattern("budget"),
                rule("watching").shadow().order(1).pattern("quota"),
                rule("live").pattern("quota"));

        assertThat(RuleCheck.checkTogether(rules)).isEmpty();
    }

    @Test
    void aPatternThatCannotBeReadIsAnError() {
        assertThat(RuleCheck.check(rule("broken").pattern("(a")))
                .singleElement()
                .satisfies(problem -> {
                    assertThat(problem.error()).isTrue();
                    assertThat(problem.message()).contains("RE2's syntax");
                });
    }

    private static RuleScope statuses(int from, int to) {
        return new RuleScope(List.of(new StatusRange(from, to)), Set.of(), Set.of(), List.of());
    }
}
