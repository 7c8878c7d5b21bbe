package io.penstock.classify;

import java.util.List;
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
        this.version = version;
        this.operators = List.copyOf(operators);
        this.defaults = List.copyOf(defaults);
        this.operatorLayer = new RuleLayer(operators);
        this.defaultLayer = new RuleLayer(defaults);
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
