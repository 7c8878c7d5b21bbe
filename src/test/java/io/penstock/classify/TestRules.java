package io.penstock.classify;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes rules of which a test says only what matters to it. */
final class TestRules {
    private String id = "a-rule";
    private RuleSource source = RuleSource.OPERATOR;
    private RuleMatch match = RuleMatch.REGEX;
    private RuleField field = RuleField.MESSAGE;
    private Category category = Category.OVERLOADED;
    private RuleScope scope = RuleScope.ALL;
    private int order = 100;
    private boolean enabled = true;
    private boolean shadow;
    private @Nullable Action action;
    private @Nullable CountsFor countsFor;
    private Rule.Examples examples = Rule.Examples.NONE;

    static TestRules rule(String id) {
        TestRules rule = new TestRules();
        rule.id = id;
        return rule;
    }

    TestRules of(RuleSource whose) {
        source = whose;
        return this;
    }

    TestRules match(RuleMatch how) {
        match = how;
        return this;
    }

    TestRules in(RuleField where) {
        field = where;
        return this;
    }

    TestRules names(Category what) {
        category = what;
        return this;
    }

    TestRules scope(RuleScope narrowed) {
        scope = narrowed;
        return this;
    }

    TestRules order(int place) {
        order = place;
        return this;
    }

    TestRules disabled() {
        enabled = false;
        return this;
    }

    TestRules shadow() {
        shadow = true;
        return this;
    }

    TestRules action(Action first) {
        action = first;
        return this;
    }

    TestRules countsFor(CountsFor scope) {
        countsFor = scope;
        return this;
    }

    TestRules examples(List<String> matches, List<String> ignores) {
        examples = new Rule.Examples(matches, ignores);
        return this;
    }

    Rule pattern(String pattern) {
        return new Rule(
                id, source, match, pattern, field, category, scope, order, enabled, shadow, action, countsFor, null, "",
                examples);
    }
}
