package io.penstock.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class ValidateCommandTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private final Path directory;

    ValidateCommandTest(@TempDir Path directory) {
        this.directory = directory;
    }

    @Test
    void aGoodFileIsZeroAndSaysWhatItHolds() {
        assertThat(run("", "docs/examples/minimal.yaml")).isZero();
        assertThat(out).hasToString("docs/examples/minimal.yaml: valid policy, 1 route, 1 upstream\n");
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void warningsArePrintedButDoNotFail() {
        assertThat(run("records: {store: postgres}", "-")).isZero();
        assertThat(out.toString())
                .startsWith("standard input: valid policy, 3 routes, 3 upstreams\n")
                .contains("standard input:1  records.store\n    warning: this version")
                .endsWith("1 warning\n");
    }

    @Test
    void aWrongFileIsOneAndSaysEverything() throws IOException {
        Path file = Files.writeString(directory.resolve("p.yaml"), "route: []\nrecords: {store: x}\n");

        assertThat(run("", file.toString())).isEqualTo(1);
        assertThat(out.toString())
                .contains(file + ":1  route\n    is not a key here; did you mean 'routes'?")
                .contains(file + ":2  records.store\n")
                .endsWith("2 errors\n");
    }

    @Test
    void referencesAreCheckedUnlessToldOtherwise() {
        String yaml = """
                upstreams:
                  - name: openai
                    url: https://api.openai.com
                    dialect: openai
                    credentials: [{env: PENSTOCK_TEST_THAT_NOBODY_SETS}]
                """;

        assertThat(run(yaml, "-")).isEqualTo(1);
        assertThat(out.toString()).contains("PENSTOCK_TEST_THAT_NOBODY_SETS is not set");
        assertThat(run(yaml, "--no-references", "-")).isZero();
    }

    @Test
    void whatCannotBeReadIsTwoAndNamesTheFile() {
        String missing = directory.resolve("missing.yaml").toString();

        assertThat(run("", missing)).isEqualTo(2);
        assertThat(err.toString()).startsWith(missing + " does not exist: check the path");
        assertThat(run("", directory.toString())).isEqualTo(2);
        assertThat(err.toString()).contains(directory + " is a directory: name a file in it");
        assertThat(run("x".repeat((1 << 20) + 1), "-")).isEqualTo(2);
        assertThat(err.toString()).contains("standard input is larger than 1024 KiB");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void wrongUsageIsTwo() {
        assertThat(run("")).isEqualTo(2);
        assertThat(run("", "a.yaml", "b.yaml")).isEqualTo(2);
    }

    private int run(String stdin, String... args) {
        ValidateCommand command = new ValidateCommand(new ByteArrayInputStream(stdin.getBytes(StandardCharsets.UTF_8)));
        return new CommandLine(command)
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(args);
    }
}
