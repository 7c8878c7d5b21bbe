package io.penstock.classify;

/** What part of a provider's error a rule looks at. */
public enum RuleField {
    /** The human sentence. */
    MESSAGE("message"),
    /** {@code error.code}, the gRPC status and the reasons of {@code details}. */
    CODE("code"),
    /** {@code error.type} or the name of the exception. */
    TYPE("type"),
    /** The whole body, what it echoes of the request included. */
    BODY("body");

    private final String label;

    RuleField(String label) {
        this.label = label;
    }

    public String label() {
        return label;
    }

    /** The field's name in evidence. */
    String place() {
        return this == BODY ? label : "error." + label;
    }
}
