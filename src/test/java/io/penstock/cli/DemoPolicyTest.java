package io.penstock.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class DemoPolicyTest {

    @Test
    void writesAPolicyThatIsValidWithTheKeysBesideIt() throws IOException {
        Path file = DemoPolicy.write(DemoPolicy.yaml("http://127.0.0.1:1", "http://127.0.0.1:2"));
        StringWriter out = new StringWriter();

        int exit = new CommandLine(new ValidateCommand())
                .setOut(new PrintWriter(out))
                .execute(file.toString());

        assertThat(exit).as(out.toString()).isZero();
        assertThat(out.toString())
                .contains("valid policy, 9 routes, 10 upstreams")
                .doesNotContain("warning");
        for (String key : DemoProviders.LENT_KEYS) {
            assertThat(Files.readString(file.resolveSibling(key))).isEqualTo(key);
        }
    }
}
