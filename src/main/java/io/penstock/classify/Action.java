package io.penstock.classify;

import java.util.Optional;
import java.util.stream.Stream;

/** What Penstock does first about a failure that happened before the commit. */
public enum Action {
    /** Ends the interception: the application gets this failure. */
    RETURN("return"),
    /** Asks the same upstream again with the same key. */
    RETRY("retry"),
    /** Asks the same upstream with its next key; where there is none, another upstream. */
    ROTATE_KEY("rotate_key"),
    /** Asks another upstream at once. */
    FAILOVER("failover");

    private final String label;

    Action(String label) {
        this.label = label;
    }

    /** The name in rules, records and explanations. */
    public String label() {
        return label;
    }

    public static Optional<Action> of(String label) {
        return Stream.of(values()).filter(action -> action.label.equals(label)).findFirst();
    }
}
