package io.penstock.policy;

import io.penstock.dialect.Dialect;
import java.util.LinkedHashMap;
import java.util.Map;

/** The words that a value may be, in the order in which they are told to people. */
final class Choices {
    static final Map<String, Dialect> RELAYED_DIALECTS = relayedDialects();

    private Choices() {}

    static <E> Map<String, E> of(String first, E e1, String second, E e2) {
        Map<String, E> choices = new LinkedHashMap<>();
        choices.put(first, e1);
        choices.put(second, e2);
        return choices;
    }

    static <E> Map<String, E> of(String first, E e1, String second, E e2, String third, E e3) {
        Map<String, E> choices = of(first, e1, second, e2);
        choices.put(third, e3);
        return choices;
    }

    private static Map<String, Dialect> relayedDialects() {
        Map<String, Dialect> choices = new LinkedHashMap<>();
        for (Dialect dialect : Dialect.values()) {
            if (dialect.relayed()) {
                choices.put(dialect.label(), dialect);
            }
        }
        return choices;
    }
}
