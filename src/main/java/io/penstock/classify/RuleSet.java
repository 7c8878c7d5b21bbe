package io.penstock.classify;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The rules in force, swapped as a whole. Immutable and thread-safe.
 *
 * <p>Building one compiles every pattern; whoever does has checked the rules before ({@link RuleCheck}).
 */
public final class RuleSet {
    /** No rules at all. */
    public static final RuleSet EMPTY = new RuleSet(RuleTrace.NONE.version(), List.of(), List.of());

    private final String version;
    private final List<Rule> operators;
    private final List<Rule> defaults;
    private final RuleLayer operatorLayer;
    private final RuleLayer defaultLayer;

    /** @param version the content hash of all of it */
    public RuleSet(String version, List<Rule> operators, List<Rule> defaults) {
        this(version, operators, defaults, RuleLayer.of(defaults));
    }

    private RuleSet(String version, List<Rule> operators, List<Rule> defaults, RuleLayer defaultLayer) {
        this.version = version;
        this.operators = List.copyOf(operators);
        this.defaults = List.copyOf(defaults);
        this.operatorLayer = RuleLayer.of(operators);
        this.defaultLayer = defaultLayer;
    }

    /**
     * An operator's rules before the default rules of this set. Compiles the operator's patterns only: compiling the
     * catalogue's took longer than anything else at the start.
     *
     * @param version the content hash of all of it
     * @param disabled the ids of default rules that are not asked
     */
    public RuleSet after(String version, List<Rule> operators, Set<String> disabled) {
        List<Rule> asked =
                defaults.stream().filter(rule -> !disabled.contains(rule.id())).toList();
        return new RuleSet(version, operators, asked, defaultLayer.without(disabled));
    }

    public String version() {
        return version;
    }

    /** All rules, disabled ones too: the operator's, then the default catalogue. */
    public List<Rule> rules() {
        return Stream.concat(operators.stream(), defaults.stream()).toList();
    }

    RuleLayer operatorLayer() {
        return operatorLayer;
    }

    RuleLayer defaultLayer() {
        return defaultLayer;
    }
}
