package io.penstock.classify;

import io.penstock.classify.RegexNode.Char;
import io.penstock.classify.RegexNode.Choice;
import io.penstock.classify.RegexNode.Group;
import io.penstock.classify.RegexNode.Repeat;
import io.penstock.classify.RegexNode.Sequence;
import io.penstock.classify.RegexNode.Set;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Judges rules before they are used: whether a pattern can be read, whether it does what the rule's own examples say, and
 * what experience says against it.
 */
public final class RuleCheck {
    private static final int SHOWN = 60;

    private RuleCheck() {}

    /** What is wrong with one rule by itself. */
    public static List<RuleProblem> check(Rule rule) {
        if (RulePattern.read(rule.match(), rule.pattern()) instanceof RulePattern.Reading.Bad bad) {
            return List.of(error(rule, "pattern", "is not a regular expression in RE2's syntax: " + bad.why()));
        }
        List<RuleProblem> problems = new ArrayList<>();
        CompiledRule compiled = CompiledRule.of(rule);
        examples(compiled, problems);
        if (rule.match() == RuleMatch.REGEX) {
            lint(compiled, problems);
        } else if (rule.pattern().strip().matches("\\d+")) {
            problems.add(bareNumber(rule));
        }
        if (rule.category().caller() && !rule.scope().onlyClientErrors()) {
            problems.add(warning(
                    rule,
                    "status",
                    rule.category().name() + " ends an interception without failover, and this rule is not limited to"
                            + " 4xx answers: add status: [4xx]"));
        }
        return List.copyOf(problems);
    }

    /** What rules do to each other. {@code rules} come from one source, in the order of the file. */
    public static List<RuleProblem> checkTogether(List<Rule> rules) {
        List<CompiledRule> asked = rules.stream()
                .filter(rule -> rule.enabled() && !rule.shadow())
                .filter(rule -> RulePattern.read(rule.match(), rule.pattern()) instanceof RulePattern.Reading.Good)
                .sorted(Comparator.comparingInt(Rule::order))
                .map(CompiledRule::of)
                .toList();
        List<RuleProblem> problems = new ArrayList<>();
        for (int i = 0; i < asked.size(); i++) {
            Rule later = asked.get(i).rule();
            for (CompiledRule earlier : asked.subList(0, i)) {
                if (shadows(earlier, later)) {
                    problems.add(warning(
                            later,
                            "pattern",
                            "is never reached: rule " + earlier.rule().id()
                                    + " is asked before it and matches what it matches; give this rule a lower order or"
                                    + " narrow the other"));
                    break;
                }
            }
        }
        return List.copyOf(problems);
    }

    private static boolean shadows(CompiledRule earlier, Rule later) {
        if (earlier.rule().field() != later.field() || !earlier.rule().scope().contains(later.scope())) {
            return false;
        }
        if (earlier.rule().match() == later.match() && earlier.rule().pattern().equalsIgnoreCase(later.pattern())) {
            return true;
        }
        List<String> matches = later.examples().matches();
        return !matches.isEmpty() && matches.stream().allMatch(earlier::matchesExample);
    }

    private static void examples(CompiledRule compiled, List<RuleProblem> problems) {
        Rule rule = compiled.rule();
        List<String> matches = rule.examples().matches();
        for (int i = 0; i < matches.size(); i++) {
            if (!compiled.matchesExample(matches.get(i))) {
                problems.add(error(
                        rule,
                        "examples.matches[" + i + "]",
                        "is not matched by the pattern: " + shown(matches.get(i))));
            }
        }
        List<String> ignores = rule.examples().ignores();
        for (int i = 0; i < ignores.size(); i++) {
            if (compiled.matchesExample(ignores.get(i))) {
                problems.add(error(
                        rule, "examples.ignores[" + i + "]", "is matched by the pattern: " + shown(ignores.get(i))));
            }
        }
    }

    private static void lint(CompiledRule compiled, List<RuleProblem> problems) {
        Rule rule = compiled.rule();
        Choice syntax = RegexParser.parse(rule.pattern());
        if (compiled.pattern().matches(RuleText.of(""))) {
            problems.add(warning(rule, "pattern", "matches the empty string, and so every text: make a part required"));
        }
        if (syntax.branches().stream().anyMatch(RuleCheck::isNumber)) {
            problems.add(bareNumber(rule));
        }
        if (rule.field() == RuleField.BODY && anyRun(syntax)) {
            problems.add(warning(
                    rule,
                    "pattern",
                    "runs over anything in the body, from one field into another: use field: message, or name what may"
                            + " stand between the words"));
        }
    }

    private static boolean isNumber(Sequence branch) {
        return !branch.nodes().isEmpty()
                && branch.nodes().stream().allMatch(node -> node instanceof Char c && c.digit());
    }

    /** Whether {@code .*} or the like is in it. */
    private static boolean anyRun(Choice choice) {
        return choice.branches().stream()
                .flatMap(branch -> branch.nodes().stream())
                .anyMatch(node -> {
                    if (node instanceof Group group) {
                        return anyRun(group.body());
                    }
                    return node instanceof Repeat repeat
                            && (repeat.node() instanceof Group group
                                    ? anyRun(group.body())
                                    : repeat.node() instanceof Set set
                                            && set.source().equals("."));
                });
    }

    private static RuleProblem bareNumber(Rule rule) {
        return warning(
                rule,
                "pattern",
                "is a bare number: it matches that number anywhere in a sentence; say what stands beside it, or use"
                        + " status: to match the HTTP status");
    }

    private static String shown(String example) {
        return "'" + (example.length() > SHOWN ? example.substring(0, SHOWN) + "…" : example) + "'";
    }

    private static RuleProblem error(Rule rule, String key, String message) {
        return new RuleProblem(rule.id(), key, true, message);
    }

    private static RuleProblem warning(Rule rule, String key, String message) {
        return new RuleProblem(rule.id(), key, false, message);
    }
}
