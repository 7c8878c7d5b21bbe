package io.penstock.classify;

/** Whose fault a failure is. */
public enum Fault {
    CALLER("caller"),
    ACCOUNT("account"),
    PROVIDER("provider"),
    NETWORK("network"),
    GATEWAY("gateway");

    private final String label;

    Fault(String label) {
        this.label = label;
    }

    public String label() {
        return label;
    }
}
