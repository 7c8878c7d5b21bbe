package io.penstock.classify;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Rules of one source, asked in their order; the first that matches decides. Immutable and thread-safe. */
final class RuleLayer implements EvidenceLayer {
    private final List<CompiledRule> rules;

    /** Compiles each pattern. */
    static RuleLayer of(List<Rule> rules) {
        return new RuleLayer(rules.stream()
                .filter(Rule::enabled)
                // Stable: among equals the order of the file decides.
                .sorted(Comparator.comparingInt(Rule::order))
                .map(CompiledRule::of)
                .toList());
    }

    private RuleLayer(List<CompiledRule> rules) {
        this.rules = rules;
    }

    /** The same rules, less those with these ids. */
    RuleLayer without(Set<String> ids) {
        return new RuleLayer(rules.stream()
                .filter(compiled -> !ids.contains(compiled.rule().id()))
                .toList());
    }

    @Override
    public Optional<Finding> find(Symptoms symptoms) {
        for (CompiledRule rule : rules) {
            if (!rule.rule().shadow() && rule.matches(symptoms)) {
                return Optional.of(rule.finding());
            }
        }
        return Optional.empty();
    }

    /**
     * The shadow rules that would have decided in place of what did.
     *
     * @param decided the rule that decided, or null where no rule did
     */
    List<String> shadows(Symptoms symptoms, @Nullable Rule decided) {
        List<String> shadows = new ArrayList<>();
        for (CompiledRule rule : rules) {
            if (rule.rule().equals(decided)) {
                break;
            }
            if (rule.rule().shadow() && rule.matches(symptoms)) {
                shadows.add(rule.rule().id());
            }
        }
        return List.copyOf(shadows);
    }
}
