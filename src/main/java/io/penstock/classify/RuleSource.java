package io.penstock.classify;

/** Who wrote a rule. */
public enum RuleSource {
    /** The operator, in the policy file. Sees a message as it came. */
    OPERATOR("operator"),
    /** Penstock's own catalogue. Sees of a message only the provider's own words. */
    DEFAULT("default");

    private final String label;

    RuleSource(String label) {
        this.label = label;
    }

    public String label() {
        return label;
    }
}
