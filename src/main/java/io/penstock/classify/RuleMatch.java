package io.penstock.classify;

/** How a rule's pattern is compared with the text; never with regard to case. */
public enum RuleMatch {
    /** A regular expression in RE2's syntax, found anywhere in the text. */
    REGEX("regex"),
    /** The pattern's text, found anywhere. */
    CONTAINS("contains"),
    /** The pattern's text and nothing else. */
    EXACT("exact");

    private final String label;

    RuleMatch(String label) {
        this.label = label;
    }

    public String label() {
        return label;
    }
}
