package io.penstock.breaker;

/** The state of a circuit; its ordinal is the value of the {@code penstock_circuit_state} metric. */
public enum CircuitState {
    CLOSED("closed"),
    HALF_OPEN("half_open"),
    OPEN("open");

    private final String label;

    CircuitState(String label) {
        this.label = label;
    }

    public String label() {
        return label;
    }
}
