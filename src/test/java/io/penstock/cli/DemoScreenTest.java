package io.penstock.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.List;
import org.junit.jupiter.api.Test;

class DemoScreenTest {
    private static final String ESCAPE = "\033";

    @Test
    void printsPlainLinesOfAtMost100ColumnsWithoutATerminal() {
        String printed = printed(new DemoOptions(true, false, false));

        assertThat(printed).doesNotContain(ESCAPE, "\r", "under way");
        assertThat(printed.lines()).allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(100));
        assertThat(printed.lines())
                .anySatisfy(line -> assertThat(line).startsWith("ok  529 overloaded"))
                .anySatisfy(line -> assertThat(line).startsWith("!!  529 overloaded"))
                .contains("    status: promised 200, was 503");
    }

    @Test
    void fitsEveryTitle() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        DemoScreen screen = screen(out, new DemoOptions(true, false, false));
        DemoScenarios.all()
                .forEach(s -> screen.row(
                        true,
                        s.title(),
                        "first_content_timeout",
                        "retried after 1.0 s, failed over to anthropic-backup",
                        "200, error in the stream",
                        "999 ms"));

        assertThat(out.toString(US_ASCII).lines())
                .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(100));
    }

    @Test
    void drawsOverTheLineUnderWayOnATerminal() {
        assertThat(printed(new DemoOptions(true, true, false)))
                .contains("\r\033[2K..  under way\r\033[2Kok  529 overloaded")
                .doesNotContain("\033[32m");
    }

    @Test
    void coloursOnlyWhenTold() {
        assertThat(printed(new DemoOptions(true, true, true))).contains("\033[32mok\033[0m  529", "\033[31m!!\033[0m");
    }

    @Test
    void passesItsOptionsThroughArguments() {
        for (DemoOptions options : List.of(
                new DemoOptions(true, false, true),
                new DemoOptions(false, true, false),
                new DemoOptions(true, true, true),
                new DemoOptions(false, false, false))) {
            assertThat(DemoOptions.of(options.arguments())).isEqualTo(options);
        }
    }

    private static String printed(DemoOptions options) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        DemoScreen screen = screen(out, options);
        screen.title("Title");
        screen.header();
        screen.underWay("under way");
        screen.row(true, "529 overloaded (anthropic)", "overloaded", "failed over to b", "200, whole", "3 ms");
        screen.row(false, "529 overloaded (anthropic)", "overloaded", "failed over to b", "503, error", "3 ms");
        screen.differences(List.of("status: promised 200, was 503"));
        return out.toString(US_ASCII);
    }

    private static DemoScreen screen(ByteArrayOutputStream out, DemoOptions options) {
        return new DemoScreen(new PrintStream(out, true, US_ASCII), options);
    }
}
