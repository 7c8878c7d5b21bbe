package io.penstock.cli;

import java.io.PrintStream;
import java.util.List;

/** Prints the demo: at most 100 columns, ASCII only; colours and a line that is drawn over only on a terminal. */
final class DemoScreen {
    private static final String ERASE_LINE = "\r\033[2K";
    private static final String BOLD = "1";
    private static final String GREEN = "32";
    private static final String RED = "31";
    private static final DemoTable TABLE = DemoTable.of(2, 24, 21, 23, 14, 6);

    private final PrintStream out;
    private final DemoOptions options;

    DemoScreen(PrintStream out, DemoOptions options) {
        this.out = out;
        this.options = options;
    }

    void title(String text) {
        out.println();
        out.println(painted(BOLD, text));
    }

    void lines(List<String> lines) {
        lines.forEach(line -> out.println("  " + line));
    }

    void header() {
        TABLE.row(List.of("", "what the provider does", "category", "what Penstock did", "the app saw", "time"))
                .forEach(line -> out.println(painted(BOLD, line)));
    }

    /** Says what is under way, until the next row takes its place. */
    void underWay(String what) {
        if (options.live()) {
            out.print(ERASE_LINE + "..  " + what);
            out.flush();
        }
    }

    void row(boolean kept, String title, String category, String story, String seen, String took) {
        if (options.live()) {
            out.print(ERASE_LINE);
        }
        String mark = kept ? "ok" : "!!";
        List<String> lines = TABLE.row(List.of(mark, title, category, story, seen, took));
        out.println(painted(kept ? GREEN : RED, mark) + lines.get(0).substring(mark.length()));
        lines.stream().skip(1).forEach(out::println);
    }

    void differences(List<String> differences) {
        differences.forEach(difference -> out.println(painted(RED, "    " + difference)));
    }

    private String painted(String colour, String text) {
        return options.colour() ? "\033[" + colour + "m" + text + "\033[0m" : text;
    }
}
