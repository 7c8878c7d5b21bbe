package io.penstock.cli;

import java.util.List;

/**
 * How the demo behaves, in a form that survives being passed as arguments to the application that Quarkus starts.
 *
 * @param once whether to exit after the scenarios instead of serving on
 * @param live whether the output is a terminal, on which a line may be drawn over
 * @param colour whether to use colours
 */
record DemoOptions(boolean once, boolean live, boolean colour) {

    static DemoOptions of(String... arguments) {
        List<String> given = List.of(arguments);
        return new DemoOptions(given.contains("once"), given.contains("live"), given.contains("colour"));
    }

    String[] arguments() {
        return new String[] {once ? "once" : "", live ? "live" : "", colour ? "colour" : ""};
    }
}
