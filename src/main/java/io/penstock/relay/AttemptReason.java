package io.penstock.relay;

/** Why an attempt is made. */
enum AttemptReason {
    FIRST("first"),
    RETRY("retry"),
    ROTATE_KEY("rotate_key"),
    FAILOVER("failover");

    private final String label;

    AttemptReason(String label) {
        this.label = label;
    }

    String label() {
        return label;
    }
}
