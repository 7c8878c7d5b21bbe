package io.penstock.cli;

import io.penstock.injector.SettingsReader;
import io.penstock.policy.PolicyReport;
import io.penstock.policy.Role;
import io.quarkus.runtime.Quarkus;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Runs the admission webhook and the keeper of the namespaces' policies until it is told to stop. */
@Command(
        name = "injector",
        description = "Gives the pods of a Kubernetes cluster their sidecar, until stopped.",
        footer = {
            "",
            "The settings file is named by PENSTOCK_INJECTOR_CONFIG (default " + SettingsReader.DEFAULT_PLACE + ");",
            "the folder with tls.crt and tls.key by PENSTOCK_INJECTOR_TLS (default /var/run/penstock/tls).",
            "The webhook listens on PENSTOCK_INJECTOR_HOST and PENSTOCK_INJECTOR_PORT (default 0.0.0.0 and 8443)."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:stopped", "1:the settings are wrong, or it could not start"},
        mixinStandardHelpOptions = true)
final class InjectorCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before call()
    private CommandSpec spec;

    @Override
    public Integer call() {
        String named = System.getenv("PENSTOCK_INJECTOR_CONFIG");
        String place = named == null || named.isBlank() ? SettingsReader.DEFAULT_PLACE : named;
        if (SettingsReader.read(Path.of(place)) instanceof SettingsReader.Outcome.Bad bad) {
            spec.commandLine().getErr().println(PolicyReport.whole(place, bad.problems()));
            return ExitCode.SOFTWARE;
        }
        System.setProperty(Role.PROPERTY, "injector");
        Quarkus.run();
        return ExitCode.OK;
    }
}
