package io.penstock.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.penstock.simulator.Script;
import io.penstock.simulator.Simulator;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Redirect mode for real: rules that the program wrote into a network namespace, an application that knows nothing of
 * Penstock, and the sidecar under its own user. Skipped where there is no root, or not the program that writes the rules.
 */
class RedirectIT {
    private static final String USER = "65532";
    private static final String POLICY = """
            routes:
              - {name: internal, dialect: openai, hosts: [llm.internal, llm6.internal], upstreams: [{name: llm}]}
            upstreams:
              - {name: llm, url: "http://llm.internal:8000", dialect: openai, credentials: passthrough, timeouts: {connect: 20s}}
            """;
    private static final String ANSWER = """
            {"id": "c-1", "object": "chat.completion", "created": 1, "model": "m", "choices": [{"index": 0,
            "finish_reason": "stop", "message": {"role": "assistant", "content": "Hello"}}]}""";

    private final List<AutoCloseable> open = new ArrayList<>();
    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void close() throws Exception {
        for (int i = open.size() - 1; i >= 0; i--) {
            open.get(i).close();
        }
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"nft", "iptables"})
    void redirectsWhatIsNamedAndNothingElse(String tool) throws Exception {
        Optional<String> obstacle = PodNetwork.obstacle()
                .or(() -> PodNetwork.onPath(tool).isPresent()
                        ? Optional.empty()
                        : Optional.of("there is no " + tool + " here"));
        obstacle.ifPresent(why -> System.out.println("RedirectIT by " + tool + " is skipped: " + why));
        assumeTrue(obstacle.isEmpty(), () -> obstacle.orElse(""));
        Simulator provider = Simulator.start(vertx);
        open.add(provider);
        provider.always(Script.json(200, ANSWER));
        int simulator = URI.create(provider.baseUrl()).getPort();
        PodNetwork pod =
                new PodNetwork(PodNetwork.WORLD + " llm.internal\n" + PodNetwork.WORLD_V6 + " llm6.internal\n");
        open.add(pod);
        open.add(new Balancer(PodNetwork.WORLD, 8000, List.of(simulator)));
        open.add(new Balancer(PodNetwork.WORLD, 8001, List.of(simulator)));
        open.add(new Balancer(PodNetwork.WORLD_TOO, 8000, List.of(simulator)));
        open.add(new Balancer(PodNetwork.WORLD_V6, 8000, List.of(simulator)));
        Path home = Files.createTempDirectory("penstock-pod");
        open.add(() -> delete(home));
        List<String> penstock = install(home);

        assertThat(call(pod, "http://llm.internal:8000")).contains("\"Hello\"").doesNotContain("x-penstock-id");
        PodNetwork.Run redirect = redirect(pod, home, penstock, tool);
        assertThat(redirect.exitCode()).as(redirect.output()).isZero();
        assertThat(redirect.output())
                .contains("nowhere.internal has no address")
                .contains("by " + tool);
        // The kubelet runs init containers again where a pod's sandbox is made anew; the rules must not pile up.
        assertThat(redirect(pod, home, penstock, tool).exitCode()).isZero();
        sidecar(pod, home, penstock);

        String relayed = call(pod, "http://llm.internal:8000");
        assertThat(relayed).contains("HTTP/1.1 200", "x-penstock-id", "x-penstock-upstream: llm", "\"Hello\"");
        assertThat(call(pod, "http://llm6.internal:8000")).contains("HTTP/1.1 200", "x-penstock-upstream: llm");
        assertThat(call(pod, "http://llm.internal:8001")).contains("\"Hello\"").doesNotContain("x-penstock-id");
        assertThat(call(pod, "http://" + PodNetwork.WORLD_TOO + ":8000"))
                .contains("\"Hello\"")
                .doesNotContain("x-penstock-id");
        assertThat(pod.run(
                                "setpriv",
                                "--reuid=" + USER,
                                "--clear-groups",
                                "curl",
                                "-si",
                                "http://llm.internal:8000/v1/models")
                        .output())
                .as("the sidecar's own user")
                .contains("HTTP/1.1 200")
                .doesNotContain("x-penstock-id");
    }

    private static String call(PodNetwork pod, String host) throws IOException, InterruptedException {
        return pod.run(
                        "curl",
                        "-si",
                        "-m",
                        "30",
                        host + "/v1/chat/completions",
                        "-H",
                        "Content-Type: application/json",
                        "-d",
                        "{\"model\": \"m\", \"messages\": [{\"role\": \"user\", \"content\": \"Hi\"}]}")
                .output();
    }

    /** As the init container does it, with one of the two programs in reach. */
    private static PodNetwork.Run redirect(PodNetwork pod, Path home, List<String> penstock, String tool)
            throws IOException, InterruptedException {
        Path tools = Files.createDirectories(home.resolve("bin-" + tool));
        for (String program : tool.equals("nft")
                ? List.of("nft")
                : List.of("iptables", "iptables-restore", "ip6tables", "ip6tables-restore")) {
            Path link = tools.resolve(program);
            if (!Files.exists(link)) {
                Files.createSymbolicLink(link, PodNetwork.onPath(program).orElseThrow());
            }
        }
        List<String> command = new ArrayList<>(penstock);
        command.addAll(List.of("redirect", "--exempt-user=" + USER, "--port=8000"));
        command.addAll(List.of("--host=llm.internal", "--host=llm6.internal", "--host=nowhere.internal"));
        return pod.run(
                Map.of(
                        "PATH",
                        tools.toString(),
                        "XTABLES_LOCKFILE",
                        home.resolve("xtables.lock").toString()),
                command);
    }

    private static void sidecar(PodNetwork pod, Path home, List<String> penstock) throws IOException {
        Files.writeString(home.resolve("penstock.yaml"), POLICY);
        List<String> command = new ArrayList<>(List.of("setpriv", "--reuid=" + USER, "--clear-groups"));
        command.addAll(penstock);
        command.add("serve");
        Process process = pod.start(
                Map.of("PENSTOCK_POLICY", home.resolve("penstock.yaml").toString(), "PENSTOCK_REDIRECT", "true"),
                command);
        await("the sidecar")
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(100))
                .until(() -> {
                    assertThat(process.isAlive()).isTrue();
                    return pod.run("curl", "-s", "http://127.0.0.1:4190/health/ready")
                                    .exitCode()
                            == 0;
                });
    }

    /** Puts the program where its own user can read it, and returns how it is started. */
    private static List<String> install(Path home) throws IOException {
        Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwxr-xr-x"));
        String executable = System.getProperty("penstock.executable", "");
        if (!executable.isEmpty()) {
            Path copy = Files.copy(Path.of(executable), home.resolve("penstock"));
            Files.setPosixFilePermissions(copy, PosixFilePermissions.fromString("rwxr-xr-x"));
            return List.of(copy.toString());
        }
        Path app = Path.of(System.getProperty("penstock.jar", "target/quarkus-app/quarkus-run.jar"))
                .getParent();
        try (Stream<Path> files = Files.walk(app)) {
            for (Path file : files.toList()) {
                Path to = home.resolve("app").resolve(app.relativize(file));
                Files.copy(file, to);
                Files.setPosixFilePermissions(
                        to, PosixFilePermissions.fromString(Files.isDirectory(file) ? "rwxr-xr-x" : "rw-r--r--"));
            }
        }
        return List.of(
                System.getProperty("java.home") + "/bin/java",
                "-jar",
                home.resolve("app/quarkus-run.jar").toString());
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted((a, b) -> b.compareTo(a)).forEach(file -> file.toFile().delete());
        }
    }
}
