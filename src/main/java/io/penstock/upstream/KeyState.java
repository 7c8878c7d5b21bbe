package io.penstock.upstream;

/** What is known of a key. The later ones are the worse: a failure that was on its way never makes a key look better. */
public enum KeyState {
    /** May be used. */
    READY("ready"),
    /** Rate limited; ready again by itself. */
    COOLING("cooling"),
    /** Its account has no money or quota; one request tries it when its rest is over. */
    EXHAUSTED("exhausted"),
    /** Refused; one request tries it when its rest is over. */
    REJECTED("rejected");

    private final String label;

    KeyState(String label) {
        this.label = label;
    }

    /** The name in metrics and in the admin API. */
    public String label() {
        return label;
    }
}
