package io.penstock.admin;

import java.util.List;

/**
 * What is wrong with one query parameter.
 *
 * @param allowed the values that it may have; empty where they cannot be listed
 */
record ParameterProblem(String parameter, String detail, List<String> allowed) {

    /** A piece of what was sent that is short enough to be shown. */
    static String shown(String value) {
        return value.length() > 64 ? value.substring(0, 64) + "…" : value;
    }

    static ParameterProblem of(String parameter, String detail) {
        return new ParameterProblem(parameter, detail, List.of());
    }
}
