package io.penstock.classify;

import static io.penstock.classify.TestRules.rule;
import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.classify.RuleScope.StatusRange;
import io.penstock.dialect.Dialect;
import io.penstock.dialect.ErrorBodyReader;
import io.penstock.dialect.ProviderError;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RuleSetTest {
    private static final String MESSAGE = "{\"error\":{\"message\":\"the budget is used up\",\"code\":\"E42\"}}";

    private static Classification judge(int status, String body, Rule... rules) {
        return judge(status, body, new Subject(Dialect.OPENAI, "primary", "gpt-5", false), rules);
    }

    private static Classification judge(int status, String body, Subject subject, Rule... rules) {
        ProviderError error = ErrorBodyReader.read(body.getBytes(StandardCharsets.UTF_8), "application/json");
        Failure failure = status == 200
                ? new Failure.InBand(error)
                : new Failure.Answer(status, Map.<String, String>of()::get, error);
        return new Classifier(Clock.systemUTC(), new RuleSet("v1", List.of(rules), List.of()))
                .classify(failure, subject);
    }

    @Test
    void theRuleThatMatchesDecidesAndIsNamed() {
        Classification judged = judge(500, MESSAGE, rule("mine").pattern("budget.*used up"));

        assertThat(judged.category()).isEqualTo(Category.OVERLOADED);
        assertThat(judged.rules().rule()).isEqualTo("mine");
        assertThat(judged.rules().version()).isEqualTo("v1");
        assertThat(judged.evidence()).hasToString("operator_rule:error.message=mine");
    }

    @Test
    void anOperatorsRuleComesBeforeTheProvidersOwnCode() {
        String body = "{\"error\":{\"message\":\"the budget is used up\",\"code\":\"rate_limit_exceeded\"}}";

        assertThat(judge(429, body, rule("mine").names(Category.QUOTA_EXHAUSTED).pattern("budget"))
                        .category())
                .isEqualTo(Category.QUOTA_EXHAUSTED);
    }

    @Test
    void anOperatorsRulesComeBeforeTheDefaultsThatAreNotDisabled() {
        Rule first = rule("first").order(1).pattern("budget");
        Rule second = rule("second").order(2).pattern("used up");
        RuleSet defaults = new RuleSet("defaults", List.of(), List.of(second, first));
        Rule mine = rule("mine").order(9).pattern("the budget is");

        assertThat(decider(defaults)).isEqualTo("first");
        assertThat(decider(defaults.after("v2", List.of(), Set.of("first")))).isEqualTo("second");
        RuleSet all = defaults.after("v3", List.of(mine), Set.of("second"));
        assertThat(decider(all)).isEqualTo("mine");
        assertThat(all.version()).isEqualTo("v3");
        assertThat(all.rules()).containsExactly(mine, first);
    }

    private static String decider(RuleSet rules) {
        ProviderError error = ErrorBodyReader.read(MESSAGE.getBytes(StandardCharsets.UTF_8), "application/json");
        return String.valueOf(new Classifier(Clock.systemUTC(), rules)
                .classify(
                        new Failure.Answer(500, Map.<String, String>of()::get, error),
                        new Subject(Dialect.OPENAI, "primary", "gpt-5", false))
                .rules()
                .rule());
    }

    @Test
    void lowerOrderIsAskedFirstWhateverTheMatchTypeAndFileOrderBreaksTies() {
        Rule late = rule("late").order(2).match(RuleMatch.EXACT).pattern("the budget is used up");
        Rule first = rule("first").order(1).pattern("budget");
        Rule second = rule("second").order(1).match(RuleMatch.CONTAINS).pattern("budget");

        assertThat(judge(500, MESSAGE, late, first, second).rules().rule()).isEqualTo("first");
        assertThat(judge(500, MESSAGE, late, second, first).rules().rule()).isEqualTo("second");
        assertThat(judge(500, MESSAGE, late).rules().rule()).isEqualTo("late");
    }

    @Test
    void exactMeansTheWholeText() {
        assertThat(judge(500, MESSAGE, rule("exact").match(RuleMatch.EXACT).pattern("budget"))
                        .rules()
                        .rule())
                .isNull();
        assertThat(judge(500, MESSAGE, rule("exact").match(RuleMatch.EXACT).pattern("The  budget is\nused UP"))
                        .rules()
                        .rule())
                .isEqualTo("exact");
    }

    @Test
    void aDisabledRuleIsNotAsked() {
        assertThat(judge(500, MESSAGE, rule("off").disabled().pattern("budget"))
                        .rules()
                        .rule())
                .isNull();
    }

    @Test
    void aShadowRuleDecidesNothingAndIsReported() {
        Classification judged = judge(500, MESSAGE, rule("watched").shadow().pattern("budget"));

        assertThat(judged.category()).isEqualTo(Category.SERVICE_ERROR);
        assertThat(judged.rules().rule()).isNull();
        assertThat(judged.rules().shadow()).containsExactly("watched");
    }

    @Test
    void aShadowRuleBehindTheOneThatDecidesWouldNotHaveDecided() {
        Classification judged = judge(
                500,
                MESSAGE,
                rule("before").shadow().order(1).pattern("budget"),
                rule("decides").order(2).pattern("budget"),
                rule("behind").shadow().order(3).pattern("budget"));

        assertThat(judged.rules().rule()).isEqualTo("decides");
        assertThat(judged.rules().shadow()).containsExactly("before");
    }

    @Test
    void aLoneShadowRuleBehindTheOneThatDecidesIsNotReported() {
        Classification judged = judge(
                500,
                MESSAGE,
                rule("decides").order(1).pattern("budget"),
                rule("behind").shadow().order(2).pattern("budget"));

        assertThat(judged.rules().shadow()).isEmpty();
    }

    @Test
    void actionAndCountsForOverrideTheReactionOfTheCategory() {
        Classification judged = judge(
                400,
                MESSAGE,
                rule("mine")
                        .names(Category.INVALID_REQUEST)
                        .action(Action.FAILOVER)
                        .countsFor(CountsFor.KEY)
                        .pattern("budget"));

        assertThat(judged.action()).isEqualTo(Action.FAILOVER);
        assertThat(judged.allowsFailover()).isTrue();
        assertThat(judged.reaction().countsFor()).isEqualTo(CountsFor.KEY);
        assertThat(judge(500, MESSAGE, rule("mine").action(Action.RETURN).pattern("budget"))
                        .action())
                .isEqualTo(Action.RETURN);
        assertThat(judge(
                                400,
                                MESSAGE,
                                rule("mine")
                                        .names(Category.INVALID_REQUEST)
                                        .action(Action.RETRY)
                                        .pattern("budget"))
                        .retriesSame())
                .isTrue();
    }

    @Test
    void everyPartOfAScopeNarrows() {
        RuleScope scope = new RuleScope(
                List.of(new StatusRange(500, 599)), Set.of(Dialect.OPENAI), Set.of("primary"), List.of("gpt-5*", "o?"));
        Rule narrow = rule("narrow").scope(scope).pattern("budget");

        assertThat(judge(500, MESSAGE, narrow).rules().rule()).isEqualTo("narrow");
        assertThat(judge(400, MESSAGE, narrow).rules().rule()).isNull();
        assertThat(judge(500, MESSAGE, new Subject(Dialect.GEMINI, "primary", "gpt-5", false), narrow)
                        .rules()
                        .rule())
                .isNull();
        assertThat(judge(500, MESSAGE, new Subject(Dialect.OPENAI, "other", "gpt-5", false), narrow)
                        .rules()
                        .rule())
                .isNull();
        assertThat(judge(500, MESSAGE, new Subject(Dialect.OPENAI, "primary", "gpt-4", false), narrow)
                        .rules()
                        .rule())
                .isNull();
        assertThat(judge(500, MESSAGE, new Subject(Dialect.OPENAI, "primary", null, false), narrow)
                        .rules()
                        .rule())
                .isNull();
    }

    @Test
    void anErrorInsideA200IsInEveryRangeOfStatusesUnlessItNamesOne() {
        Rule narrow = rule("narrow")
                .scope(new RuleScope(List.of(new StatusRange(429, 429)), Set.of(), Set.of(), List.of()))
                .pattern("budget");

        assertThat(judge(200, MESSAGE, narrow).rules().rule()).isEqualTo("narrow");
        assertThat(judge(200, "{\"error\":{\"message\":\"the budget is used up\",\"code\":500}}", narrow)
                        .rules()
                        .rule())
                .isNull();
    }

    @Test
    void eachFieldIsLookedAtAlone() {
        String body = "{\"error\":{\"message\":\"m\",\"code\":\"c\",\"type\":\"t\"},\"echo\":\"b\"}";
        for (Map.Entry<RuleField, String> field : Map.of(
                        RuleField.MESSAGE, "m", RuleField.CODE, "c", RuleField.TYPE, "t")
                .entrySet()) {
            for (String pattern : List.of("m", "c", "t", "b")) {
                Rule exact = rule("r").in(field.getKey()).match(RuleMatch.EXACT).pattern(pattern);
                assertThat(judge(500, body, exact).rules().rule())
                        .as("%s in %s", pattern, field.getKey())
                        .isEqualTo(pattern.equals(field.getValue()) ? "r" : null);
            }
        }
        assertThat(judge(500, body, rule("r").in(RuleField.BODY).pattern("\"echo\":\"b\""))
                        .rules()
                        .rule())
                .isEqualTo("r");
    }

    @Test
    void onlyTheCatalogueLeavesOutWhatAMessageQuotes() {
        String body = "{\"error\":{\"message\":\"cannot answer 'is the budget used up?'\"}}";

        assertThat(judge(500, body, rule("mine").pattern("budget")).rules().rule())
                .isEqualTo("mine");
        assertThat(judge(500, body, rule("mine").of(RuleSource.DEFAULT).pattern("budget"))
                        .rules()
                        .rule())
                .isNull();
    }
}
