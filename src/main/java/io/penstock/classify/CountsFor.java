package io.penstock.classify;

/** What a failure is held against: the scope whose health it lowers. */
public enum CountsFor {
    NOTHING("nothing"),
    KEY("key"),
    /** The upstream together with the model that was asked for. */
    MODEL("model"),
    UPSTREAM("upstream");

    private final String label;

    CountsFor(String label) {
        this.label = label;
    }

    public String label() {
        return label;
    }
}
