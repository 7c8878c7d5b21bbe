package io.penstock.wire;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The commands that end by themselves, as a newcomer meets them. */
class CommandsIT {

    @Test
    void everyScenarioOfTheDemoKeepsItsPromise() throws Exception {
        PenstockProcess.Run demo = PenstockProcess.run("demo", "--once");

        assertThat(demo.exitCode()).as(demo.text()).isZero();
        assertThat(demo.text())
                .contains("Every scenario kept its promise.")
                .contains("penstock_errors_total")
                .contains("Where to look next")
                .doesNotContain("\u001b[")
                .doesNotContain(" ERROR ");
        assertThat(demo.lines()).allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(120));
    }

    @Test
    void versionSaysWhichBuildItIs() throws Exception {
        PenstockProcess.Run version = PenstockProcess.run("version");

        assertThat(version.exitCode()).isZero();
        assertThat(version.text()).matches("penstock \\d+\\.\\d+\\.\\d+(-SNAPSHOT)? on Java \\d+");
    }

    @Test
    void helpListsTheCommands() throws Exception {
        PenstockProcess.Run help = PenstockProcess.run("--help");

        assertThat(help.exitCode()).isZero();
        assertThat(help.text()).contains("serve", "demo", "validate", "version");
    }

    @Test
    void anUnknownCommandIsAMisuse() throws Exception {
        PenstockProcess.Run unknown = PenstockProcess.run("sevre");

        assertThat(unknown.exitCode()).isEqualTo(2);
        assertThat(unknown.text()).contains("sevre").contains("serve");
    }
}
