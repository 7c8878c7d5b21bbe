package io.penstock.cli;

import io.quarkus.arc.Unremovable;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import io.vertx.core.Vertx;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.Config;
import picocli.CommandLine.ExitCode;

/** Runs the scenarios of the demo once the gateway is up, and then lets it serve on. */
@Singleton
@Unremovable
final class DemoApplication implements QuarkusApplication {
    private final Vertx vertx;
    private final String gateway;
    private final String management;

    DemoApplication(Vertx vertx, Config config) {
        this.vertx = vertx;
        this.gateway = "http://127.0.0.1:" + config.getValue("quarkus.http.port", int.class);
        this.management = "http://127.0.0.1:" + config.getValue("quarkus.management.port", int.class);
    }

    @Override
    public int run(String... arguments) throws IOException, InterruptedException {
        DemoOptions options = DemoOptions.of(arguments);
        DemoScreen screen = new DemoScreen(System.out, options);
        DemoClient client = new DemoClient(vertx, gateway, management);
        screen.title("Penstock between an application and simulated providers that misbehave");
        screen.lines(List.of("gateway " + gateway + ", metrics " + management));
        screen.title("What became of each request");
        int broken = runAll(client, screen);
        screen.title("What Prometheus sees of it");
        screen.lines(DemoMetrics.moved(client.metrics()));
        screen.title("Where to look next");
        screen.lines(whereNext());
        screen.title(broken == 0 ? "Every scenario kept its promise." : broken + " scenarios broke their promise.");
        if (!options.once()) {
            screen.title("Serving until interrupted (Ctrl-C).");
            Quarkus.waitForExit();
            return ExitCode.OK;
        }
        return broken == 0 ? ExitCode.OK : ExitCode.SOFTWARE;
    }

    /** Returns how many scenarios broke their promise. */
    private static int runAll(DemoClient client, DemoScreen screen) throws IOException, InterruptedException {
        screen.header();
        int broken = 0;
        for (DemoScenario scenario : DemoScenarios.all()) {
            screen.underWay(scenario.title());
            if (!run(scenario, client, screen)) {
                broken++;
            }
        }
        return broken;
    }

    private static boolean run(DemoScenario scenario, DemoClient client, DemoScreen screen)
            throws IOException, InterruptedException {
        DemoSeen seen = client.ask(scenario);
        Optional<DemoRecord> found = client.record(seen.header("x-penstock-id"));
        List<String> differences = found.map(record -> scenario.differences(seen, record))
                .orElseGet(() -> List.of("no record of interception '" + seen.header("x-penstock-id") + "'"));
        screen.row(
                differences.isEmpty(),
                scenario.title(),
                found.flatMap(record -> Optional.ofNullable(record.failure())).orElse("-"),
                found.map(DemoRecord::story).orElse("-"),
                seen.status() + ", " + seen.answer(),
                DemoRecord.words(seen.took()));
        screen.differences(differences);
        return differences.isEmpty();
    }

    private List<String> whereNext() {
        DemoTable table = DemoTable.of(9, 87);
        return Stream.of(
                        List.of("records", "curl '" + gateway + "/penstock/v1/interceptions?outcome=error'"),
                        List.of("upstreams", "curl " + gateway + "/penstock/v1/upstreams"),
                        List.of("keys", "curl " + gateway + "/penstock/v1/keys"),
                        List.of("metrics", "curl " + management + "/metrics"),
                        List.of("your SDK", "export OPENAI_BASE_URL=" + gateway + "/openai/v1 OPENAI_API_KEY=any"),
                        List.of("", "export ANTHROPIC_BASE_URL=" + gateway + "/anthropic ANTHROPIC_API_KEY=any"),
                        List.of("models", String.join(", ", DemoProviders.models()) + "; any other is well"))
                .flatMap(row -> table.row(row).stream())
                .toList();
    }
}
