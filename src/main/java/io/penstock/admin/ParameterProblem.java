package io.penstock.admin;

import java.util.List;

/**
 * What is wrong with one query parameter.
 *
 * @param allowed the values that it may have; empty where they cannot be listed
 */
record ParameterProblem(String parameter, String detail, List<String> allowed) {

    static ParameterProblem of(String parameter, String detail) {
        return new ParameterProblem(parameter, detail, List.of());
    }
}
