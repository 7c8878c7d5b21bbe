package io.penstock.cli;

import io.quarkus.runtime.annotations.QuarkusMain;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The {@code penstock} command. Commands that need no server answer without starting one. */
@QuarkusMain
@Command(
        name = "penstock",
        description = "A gateway sidecar for LLM traffic.",
        subcommands = {
            ServeCommand.class,
            InjectorCommand.class,
            RedirectCommand.class,
            DemoCommand.class,
            ValidateCommand.class,
            ClassifyCommand.class,
            VersionCommand.class
        },
        mixinStandardHelpOptions = true,
        versionProvider = VersionCommand.Provider.class,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:fine", "1:found something wrong", "2:misused"})
public final class Penstock implements Runnable {

    public static void main(String... args) {
        System.exit(commandLine().execute(args));
    }

    static CommandLine commandLine() {
        return new CommandLine(new Penstock());
    }

    /** Without a sub-command Penstock serves: that is what a container does. */
    @Override
    public void run() {
        new ServeCommand().run();
    }
}
