package io.penstock.policy;

import java.util.Map;
import java.util.regex.Pattern;

/** What routes and upstreams may be called: names that are safe in paths, metric labels and headers. */
final class Names {
    private static final String FORM =
            "small letters, digits and dashes, at most 63, the first a letter or a digit, such as azure-west";
    private static final Pattern WELL_FORMED = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");

    private Names() {}

    static boolean wellFormed(String name) {
        return WELL_FORMED.matcher(name).matches();
    }

    /** Reads the {@code name} of an element of a list of {@code what}s, and adds it to those {@code taken}. */
    static String read(Section section, Map<String, Place> taken, String what) {
        return read(section, "name", "primary", taken, what);
    }

    /**
     * Reads what an element of a list of {@code what}s is called, and adds it to those {@code taken}.
     *
     * @return the name, or the empty string where there is none
     */
    static String read(Section section, String key, String example, Map<String, Place> taken, String what) {
        Value value = section.required(key, example);
        String name = value == null ? null : value.text();
        if (value == null || name == null) {
            return "";
        }
        if (!wellFormed(name)) {
            value.error("found " + Value.shown(name) + ", expected " + FORM);
        }
        Place first = taken.putIfAbsent(name, value.place());
        if (first != null) {
            value.error("is the " + key + " of two " + what + "s, first on line " + first.line() + " and again on line "
                    + value.place().line() + ": rename or remove one of them");
        }
        return name;
    }
}
