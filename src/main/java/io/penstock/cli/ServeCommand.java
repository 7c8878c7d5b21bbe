package io.penstock.cli;

import io.quarkus.runtime.Quarkus;
import picocli.CommandLine.Command;

/** Runs the gateway until it is told to stop. */
@Command(
        name = "serve",
        description = "Relays LLM traffic until stopped (the default).",
        footer = {
            "",
            "The policy file is named by PENSTOCK_POLICY (default /etc/penstock/penstock.yaml where it exists);",
            "listeners by QUARKUS_HTTP_HOST, QUARKUS_HTTP_PORT, QUARKUS_MANAGEMENT_HOST, QUARKUS_MANAGEMENT_PORT."
        },
        mixinStandardHelpOptions = true)
final class ServeCommand implements Runnable {

    @Override
    public void run() {
        BufferMemory.bound();
        Quarkus.run();
    }
}
