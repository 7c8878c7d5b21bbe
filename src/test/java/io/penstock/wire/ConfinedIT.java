package io.penstock.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.simulator.Script;
import io.penstock.simulator.Simulator;
import io.vertx.core.Vertx;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The program in the smallest container that it promises to serve in: 64 MiB for the executable, 512 MiB for a JVM. */
class ConfinedIT {
    private static final long MEMORY = (PenstockProcess.isNative() ? 64L : 512L) << 20;
    private static final int AT_ONCE = 8;
    private static final int RESET = 0;
    private static final int REQUESTS = 1_000;
    private static final String CHAT = "/openai/v1/chat/completions";
    private static final String STREAM = "{\"model\":\"gpt-5\",\"stream\":true,\"messages\":[]}";

    private Vertx vertx;
    private Simulator provider;
    private Confinement confinement;

    @BeforeEach
    void start() throws Exception {
        confinement = Confinement.of(PenstockProcess.packaged(), MEMORY);
        vertx = Vertx.vertx();
        provider = Simulator.start(vertx);
    }

    @AfterEach
    void stop() throws IOException {
        if (confinement != null) {
            provider.close();
            vertx.close();
            confinement.close();
        }
    }

    @Test
    void servesTheScenariosOfTheDemo() throws Exception {
        PenstockProcess.Run demo = PenstockProcess.run(confinement, "demo", "--once");

        assertThat(demo.exitCode()).as(demo.text()).isZero();
        assertThat(demo.text()).contains("Every scenario kept its promise.");
    }

    @Test
    void servesManyStreams() throws Exception {
        try (PenstockProcess penstock = serve()) {
            List<Integer> statuses = atOnce(REQUESTS, () -> status(penstock, STREAM));

            assertThat(statuses).hasSize(REQUESTS).containsOnly(200);
            assertThat(penstock.stop()).as(String.join("\n", penstock.output())).isIn(0, 143);
        }
    }

    /** Together they are more than the container has, so that some are refused; the program serves on. */
    @ParameterizedTest
    @CsvSource({"4, 24", "24, 5"})
    void refusesBodiesThatDoNotFit(int bodies, int mebibytes) throws Exception {
        String large = "{\"model\":\"gpt-5\",\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}"
                .formatted("x".repeat(mebibytes << 20));
        provider.always(
                Script.json(200, "{\"choices\":[{\"message\":{\"content\":\"x\"},\"finish_reason\":\"stop\"}]}"));
        try (PenstockProcess penstock = serve()) {
            assertThat(atOnce(bodies, () -> statusOrReset(penstock, large))).isSubsetOf(200, 413, 503, RESET);

            assertThat(status(penstock, STREAM)).isEqualTo(200);
            assertThat(penstock.getManagement("/health/ready").statusCode()).isEqualTo(200);
            assertThat(penstock.output()).noneMatch(line -> line.contains("OutOfMemory"));
            assertThat(penstock.stop()).as(String.join("\n", penstock.output())).isIn(0, 143);
        }
    }

    /** Who goes on sending after the answer came may see the connection reset before it reads it. */
    private static int statusOrReset(PenstockProcess penstock, String body) throws IOException {
        try {
            return status(penstock, body);
        } catch (SocketException | EOFException reset) {
            return RESET;
        }
    }

    private PenstockProcess serve() throws IOException {
        Path policy = confinement.directory().resolve("penstock.yaml");
        return PenstockProcess.serve(confinement, Files.writeString(policy, Rig.policy(provider.baseUrl())));
    }

    private static int status(PenstockProcess penstock, String body) throws IOException {
        try (RawClient client = penstock.connect()) {
            return client.post(CHAT, body).read().status();
        }
    }

    private static List<Integer> atOnce(int times, Callable<Integer> call) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE);
        try {
            List<Integer> results = new ArrayList<>();
            for (Future<Integer> result : threads.invokeAll(
                    IntStream.range(0, times).mapToObj(i -> call).toList(), 120, TimeUnit.SECONDS)) {
                results.add(result.get());
            }
            return results;
        } finally {
            threads.shutdownNow();
        }
    }
}
