package io.penstock.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.simulator.Simulator;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * An application's surroundings in small: one simulated provider behind all three routes, and the packaged program
 * between it and the test.
 */
final class Rig {
    private final Vertx vertx;
    private final Simulator provider;
    private final PenstockProcess penstock;

    private Rig(Vertx vertx, Simulator provider, PenstockProcess penstock) {
        this.vertx = vertx;
        this.provider = provider;
        this.penstock = penstock;
    }

    static Rig start() throws IOException {
        Vertx vertx = Vertx.vertx();
        Simulator provider = Simulator.start(vertx);
        Path policy = Files.createTempFile("penstock", ".yaml");
        policy.toFile().deleteOnExit();
        Files.writeString(policy, policy(provider.baseUrl()));
        return new Rig(vertx, provider, PenstockProcess.serve(policy));
    }

    /**
     * Every route leads to one upstream of its own that is never given up, so that a test sees what it caused and nothing
     * that the tests before it caused. Routes named for a dialect ask it once; those named {@code …-retrying} as often as
     * the policy does by itself. Connecting may take long, because a test machine with few cores does.
     */
    static String policy(String url) {
        StringBuilder routes = new StringBuilder("routes:\n");
        StringBuilder upstreams = new StringBuilder("upstreams:\n");
        for (String dialect : List.of("openai", "anthropic", "gemini")) {
            for (String name : List.of(dialect, dialect + "-retrying")) {
                routes.append("  - {name: %1$s, dialect: %2$s, upstreams: [{name: %1$s-provider}]}\n"
                        .formatted(name, dialect));
                upstreams
                        .append("""
                                  - name: %1$s-provider
                                    url: %2$s
                                    dialect: %3$s
                                    credentials: passthrough
                                    timeouts: {connect: 20s}
                                    circuit: {window: 10000, failureRatio: 1.0}
                                    limits: {connections: 1000, pending: 1000}
                                """.formatted(name, url, dialect))
                        .append(name.equals(dialect) ? "    retry: {attempts: 0}\n" : "");
            }
        }
        return routes.append(upstreams).toString();
    }

    Vertx vertx() {
        return vertx;
    }

    Simulator provider() {
        return provider;
    }

    PenstockProcess penstock() {
        return penstock;
    }

    Admin admin() {
        return new Admin(penstock);
    }

    Metrics metrics() throws IOException, InterruptedException {
        return Metrics.parse(penstock.getManagement("/metrics").body());
    }

    RawClient connect() throws IOException {
        return penstock.connect();
    }

    void stop() throws Exception {
        assertThat(penstock.stop()).as("exit code after SIGTERM").isIn(0, 143);
        provider.close();
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }
}
