package io.penstock.policy;

import io.penstock.classify.Category;
import io.penstock.classify.Rule;
import io.penstock.classify.RuleCheck;
import io.penstock.classify.RuleProblem;
import io.penstock.classify.RuleSet;
import io.penstock.classify.RuleSource;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Reads {@code rules} and {@code disabledRules}, and checks the rules against each other and their own examples. */
final class RulesReader {
    /** Every rule is asked for every failure, and is a series of a metric. */
    static final int MOST_RULES = 1_000;

    private final List<Category> categories;
    private final Collection<String> upstreams;
    private final Problems problems;

    /** @param upstreams the names that a rule may be narrowed to */
    RulesReader(List<Category> categories, Collection<String> upstreams, Problems problems) {
        this.categories = categories;
        this.upstreams = upstreams;
        this.problems = problems;
    }

    /** All rules in force; where one of them is wrong, so is the file, and the set is not to be used. */
    RuleSet read(Section document) {
        int errors = problems.errors();
        List<Rule> operators = rules(document.elements("rules"), RuleSource.OPERATOR);
        Set<String> disabled = disabled(document.elements("disabledRules"));
        if (problems.errors() > errors) {
            return RuleSet.EMPTY;
        }
        RuleSet defaults = DefaultRules.ruleSet();
        boolean same = categories.isEmpty() && operators.isEmpty() && disabled.isEmpty();
        return same ? defaults : defaults.after(version(defaults, operators, disabled), operators, disabled);
    }

    private String version(RuleSet defaults, List<Rule> operators, Set<String> disabled) {
        StringBuilder content = new StringBuilder(defaults.version()).append(disabled);
        for (Category category : categories) {
            content.append('\n').append(category.name()).append(category.type());
            content.append(category.fault()).append(category.caller()).append(category.reaction());
        }
        operators.forEach(rule -> content.append('\n').append(rule));
        return ContentHash.version(content.toString().getBytes(StandardCharsets.UTF_8));
    }

    List<Rule> rules(List<Value> elements, RuleSource source) {
        if (elements.size() > MOST_RULES) {
            elements.get(MOST_RULES).error("is one rule too many: a file may have " + MOST_RULES);
            return List.of();
        }
        RuleReader reader = new RuleReader(source, CategoriesReader.choices(categories), upstreams);
        Map<String, Place> taken = new HashMap<>();
        Map<String, Section> sections = new HashMap<>();
        List<Rule> rules = new ArrayList<>();
        for (Value element : elements) {
            Section section = element.section(Keys.RULE);
            if (section == null) {
                continue;
            }
            String id = Names.read(section, "id", "partner-quota", taken, "rule");
            refuseDefaultId(section, id, source);
            Rule rule = reader.read(id, section);
            if (rule != null && sections.putIfAbsent(id, section) == null) {
                rules.add(rule);
            }
        }
        if (source == RuleSource.OPERATOR) {
            // The default catalogue does not change between a build, whose tests check it, and a start.
            rules.forEach(rule -> report(RuleCheck.check(rule), sections));
            report(RuleCheck.checkTogether(rules), sections);
        }
        return List.copyOf(rules);
    }

    private void refuseDefaultId(Section section, String id, RuleSource source) {
        Value value = section.get("id");
        boolean isDefault = source == RuleSource.OPERATOR
                && DefaultRules.all().stream().anyMatch(rule -> rule.id().equals(id));
        if (value != null && isDefault) {
            value.error("is the id of a rule in the default catalogue: choose another; disabledRules: [" + id
                    + "] turns the default one off");
        }
    }

    private Set<String> disabled(List<Value> elements) {
        Set<String> known = new TreeSet<>();
        DefaultRules.all().forEach(rule -> known.add(rule.id()));
        Set<String> disabled = new TreeSet<>();
        for (Value element : elements) {
            String id = element.text();
            if (id != null && !known.contains(id)) {
                element.error("found " + Value.shown(id) + ", expected the id of a rule in the default catalogue"
                        + Suggestion.among(known, id));
            } else if (id != null) {
                disabled.add(id);
            }
        }
        return disabled;
    }

    private void report(List<RuleProblem> found, Map<String, Section> sections) {
        for (RuleProblem problem : found) {
            Section section = sections.get(problem.rule());
            if (section == null) {
                continue;
            }
            Place place = RuleReader.place(section, problem.key());
            if (problem.error()) {
                problems.error(place, problem.message());
            } else {
                problems.warning(place, problem.message());
            }
        }
    }
}
