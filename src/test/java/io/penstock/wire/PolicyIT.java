package io.penstock.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.penstock.simulator.Script;
import io.penstock.simulator.Simulator;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The policy file as an operator meets it: at the start, while it runs, and on the command line. */
class PolicyIT {
    private static final int SCREEN = 24;
    private static final String GOOD = """
            routes:
              - {name: openai, dialect: openai, upstreams: [{name: primary}]}
            upstreams:
              - {name: primary, url: "http://127.0.0.1:9", dialect: openai, credentials: passthrough}
            """;

    @TempDir
    Path directory;

    static Stream<Arguments> wrongPolicies() {
        return Stream.of(
                wrong("missing URL", "url: \"http://127.0.0.1:9\", ", "", "upstreams[0]", "url"),
                wrong(
                        "bad duration",
                        "passthrough}",
                        "passthrough, timeouts: {connect: 2 parsecs}}",
                        "upstreams[0] (primary).timeouts.connect",
                        "2 parsecs"),
                wrong(
                        "unknown key",
                        "dialect: openai, credentials",
                        "dialekt: openai, credentials",
                        "upstreams[0] (primary).dialekt",
                        "dialect"),
                wrong(
                        "unknown upstream in a route",
                        "upstreams: [{name: primary}]",
                        "upstreams: [{name: primry}]",
                        "routes[0] (openai).upstreams[0]",
                        "primry",
                        "primary"),
                wrong(
                        "two routes with one name",
                        "upstreams:\n",
                        "  - {name: openai, dialect: openai, upstreams: [{name: primary}]}\nupstreams:\n",
                        "routes[1]",
                        "openai"),
                wrong(
                        "unreadable secret file",
                        "credentials: passthrough",
                        "credentials: [{file: /nowhere/key}]",
                        "upstreams[0] (primary).credentials[0]",
                        "/nowhere/key"));
    }

    private static Arguments wrong(String what, String from, String to, String... named) {
        assertThat(GOOD).contains(from);
        return Arguments.of(what, GOOD.replace(from, to), List.of(named));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("wrongPolicies")
    void validateNamesThePlaceAndTheCureOnOneScreen(String what, String policy, List<String> named) throws Exception {
        assertRefused(PenstockProcess.run("validate", write(policy).toString()), named);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("wrongPolicies")
    void serveDoesNotStartWithAWrongPolicy(String what, String policy, List<String> named) throws Exception {
        assertRefused(
                PenstockProcess.run(Map.of("PENSTOCK_POLICY", write(policy).toString()), "serve"), named);
    }

    @Test
    void validateAcceptsAGoodPolicy() throws Exception {
        assertThat(PenstockProcess.run("validate", write(GOOD).toString()).exitCode())
                .isZero();
    }

    @Test
    void validateSaysThatItWasMisused() throws Exception {
        assertThat(PenstockProcess.run("validate").exitCode()).isEqualTo(2);
        assertThat(PenstockProcess.run(
                                "validate", directory.resolve("absent.yaml").toString())
                        .exitCode())
                .isIn(1, 2);
    }

    @Test
    void serveNeedsNoPolicyAtAll() throws Exception {
        try (PenstockProcess penstock = PenstockProcess.serve(Map.of())) {
            assertThat(new Admin(penstock).get("/config").toString())
                    .contains("api.openai.com", "api.anthropic.com", "generativelanguage.googleapis.com");
        }
    }

    @Test
    void aBadReloadChangesNothingAndSaysSo() throws Exception {
        Vertx vertx = Vertx.vertx();
        try (Simulator first = Simulator.start(vertx);
                Simulator second = Simulator.start(vertx)) {
            first.always(Script.json(200, "{\"from\":\"first\"}"));
            second.always(Script.json(200, "{\"from\":\"second\"}"));
            Path file = write(Rig.policy(first.baseUrl()));
            try (PenstockProcess penstock = PenstockProcess.serve(file)) {
                assertThat(answer(penstock)).contains("first");

                replace(file, Rig.policy(first.baseUrl()).replace("circuit:", "circut:"));
                await("rejection").atMost(Duration.ofSeconds(30)).untilAsserted(() -> assertThat(rejections(penstock))
                        .isEqualTo(1));
                assertThat(answer(penstock)).contains("first");
                assertThat(penstock.output()).anyMatch(line -> line.contains("circut"));
                assertThat(penstock.getManagement("/health/ready")).satisfies(ready -> {
                    assertThat(ready.statusCode()).isEqualTo(200);
                    assertThat(ready.body()).contains("circut");
                });

                replace(file, Rig.policy(second.baseUrl()));
                await("the new policy").atMost(Duration.ofSeconds(30)).untilAsserted(() -> assertThat(answer(penstock))
                        .contains("second"));
                assertThat(penstock.getManagement("/health/ready").body()).doesNotContain("circut");
                assertThat(rejections(penstock)).isEqualTo(1);
            }
        } finally {
            vertx.close();
        }
    }

    private static void assertRefused(PenstockProcess.Run run, List<String> named) {
        assertThat(run.exitCode()).as(run.text()).isEqualTo(1);
        assertThat(run.text()).contains(named);
        assertThat(run.text()).doesNotContain("\tat ", "Exception");
        assertThat(run.lines()).hasSizeLessThanOrEqualTo(SCREEN);
    }

    private static double rejections(PenstockProcess penstock) throws Exception {
        Metrics metrics = Metrics.parse(penstock.getManagement("/metrics").body());
        return metrics.sum("penstock_config_reload_total", "result", "rejected");
    }

    private static String answer(PenstockProcess penstock) throws IOException {
        try (RawClient client = penstock.connect()) {
            return client.post("/openai/v1/chat/completions", "{\"model\":\"m\",\"messages\":[]}")
                    .read()
                    .text();
        }
    }

    private Path write(String policy) throws IOException {
        return Files.writeString(directory.resolve("penstock.yaml"), policy);
    }

    /** As a mounted ConfigMap changes: the new content is there at once. */
    private void replace(Path file, String policy) throws IOException {
        Path fresh = Files.writeString(directory.resolve("fresh.yaml"), policy);
        Files.move(fresh, file, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
    }
}
