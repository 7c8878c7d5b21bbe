package io.penstock.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.penstock.injector.InjectedPod;
import io.penstock.simulator.Headers;
import io.penstock.simulator.Script;
import io.penstock.simulator.Simulator;
import io.vertx.core.Vertx;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * An injected pod in small: two processes that share the loopback, the sidecar with its policy mounted as a ConfigMap, and
 * an application with the official SDK and the environment that the injector gave its container.
 */
class PodIT {
    private static final String ANSWER = """
            {"id": "c-1", "object": "chat.completion", "created": 1, "model": "gpt-5", "choices": [{"index": 0,
            "finish_reason": "stop", "message": {"role": "assistant", "content": "Hello", "refusal": null}}]}""";

    private static final String WORD =
            "data: {\"id\":\"c-1\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"gpt-5\","
                    + "\"choices\":[{\"index\":0,\"delta\":{\"content\":\"word\"},\"finish_reason\":null}]}\n\n";
    private static final int WORDS = 40;

    @TempDir
    private Path mount;

    private Vertx vertx;
    private Simulator provider;
    private JsonNode pod;

    @BeforeEach
    void start() throws Exception {
        vertx = Vertx.vertx();
        provider = Simulator.start(vertx);
        provider.always(Script.json(200, ANSWER));
        mount(mount, "..one", policy("first", provider.baseUrl()));
        pod = new ObjectMapper().readTree(InjectedPod.whole());
    }

    @AfterEach
    void stop() throws Exception {
        provider.close();
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    @Test
    void theFirstCallSucceedsAndAPolicyEditTakesEffectWithoutARestart() throws Exception {
        // Started in the order of a native sidecar: the application when the startup probe has succeeded.
        try (PenstockProcess sidecar = sidecar()) {
            assertThat(sidecar.getManagement("/health/started").statusCode()).isEqualTo(200);
            Process application = application(pod.at("/spec/containers/0"), sidecar.port());
            try (PrintWriter ask = new PrintWriter(application.getOutputStream(), true, StandardCharsets.UTF_8);
                    BufferedReader answers = application.inputReader(StandardCharsets.UTF_8)) {
                assertThat(say(ask, answers)).isEqualTo("[first] Hello");

                mount(mount, "..two", policy("second", provider.baseUrl()));

                await().atMost(Duration.ofSeconds(30))
                        .untilAsserted(() -> assertThat(say(ask, answers)).isEqualTo("[second] Hello"));
            } finally {
                application.destroyForcibly();
            }
        }
    }

    @Test
    void aStreamThatIsOpenWhenTheSidecarIsToldToEndIsStillCompleted() throws Exception {
        try (PenstockProcess sidecar = sidecar()) {
            Process application = application(pod.at("/spec/containers/0"), sidecar.port());
            try (PrintWriter ask = new PrintWriter(application.getOutputStream(), true, StandardCharsets.UTF_8);
                    BufferedReader answers = application.inputReader(StandardCharsets.UTF_8)) {
                assertThat(say(ask, answers)).isEqualTo("[first] Hello");
                provider.always(Script.begin()
                        .head(200, Headers.of("content-type", "text/event-stream"))
                        .repeat(WORD, Duration.ofMillis(50), WORDS)
                        .bytes("data: [DONE]\n\n")
                        .end());
                ask.println("stream");
                assertThat(answers.readLine()).isEqualTo("word");

                // As the kubelet does. Unlike Process.destroy() this leaves the output readable.
                ProcessHandle process = ProcessHandle.of(sidecar.pid()).orElseThrow();
                process.destroy();
                await("drain").atMost(Duration.ofSeconds(10)).until(() -> !sidecar.isReady());

                for (int word = 1; word < WORDS; word++) {
                    assertThat(answers.readLine()).isEqualTo("word");
                }
                assertThat(answers.readLine()).isEqualTo("end");
                process.onExit().get(20, TimeUnit.SECONDS);
                assertThat(sidecar.stop()).isIn(0, 143);
            } finally {
                application.destroyForcibly();
            }
        }
    }

    /** The sidecar's own variables as the injector wrote them, but for the place of the mounted policy. */
    private PenstockProcess sidecar() throws IOException {
        JsonNode container = pod.at("/spec/initContainers/0");
        Map<String, String> environment = new HashMap<>();
        for (JsonNode variable : container.path("env")) {
            // The rest are the pod's own name and namespace.
            if (variable.has("value")) {
                environment.put(
                        variable.path("name").asText(), variable.path("value").asText());
            }
        }
        assertThat(environment).containsEntry("PENSTOCK_DRAIN", "30s");
        assertThat(container.at("/args/0").asText()).isEqualTo("serve");
        environment.put("PENSTOCK_POLICY", mount.resolve("penstock.yaml").toString());
        return PenstockProcess.serve(environment);
    }

    private static String say(PrintWriter ask, BufferedReader answers) throws IOException {
        ask.println("Hi");
        return answers.readLine();
    }

    /** The container's variables as they are, but for the port: 4100 may not be free on this machine. */
    private static Process application(JsonNode container, int port) throws IOException {
        Map<String, String> environment = new HashMap<>();
        container
                .path("env")
                .forEach(variable -> environment.put(
                        variable.path("name").asText(),
                        variable.path("value").asText().replace(":4100/", ":" + port + "/")));
        assertThat(environment).containsEntry("OPENAI_BASE_URL", "http://127.0.0.1:" + port + "/openai/v1");
        ProcessBuilder builder = new ProcessBuilder(
                        System.getProperty("java.home") + "/bin/java",
                        "-cp",
                        System.getProperty("java.class.path"),
                        SdkApplication.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().putAll(environment);
        builder.environment().put("OPENAI_API_KEY", "sk-test");
        return builder.start();
    }

    private static String policy(String upstream, String url) {
        return """
                routes: [{name: openai, dialect: openai, upstreams: [{name: %1$s}]}]
                upstreams: [{name: %1$s, url: "%2$s", dialect: openai, credentials: passthrough, timeouts: {connect: 20s}}]
                """.formatted(upstream, url);
    }

    /** As the kubelet mounts a ConfigMap: the file is a link through {@code ..data}, which is replaced in one step. */
    private static void mount(Path directory, String version, String policy) throws IOException {
        Files.writeString(Files.createDirectory(directory.resolve(version)).resolve("penstock.yaml"), policy);
        Path link = Files.createSymbolicLink(directory.resolve("..tmp"), Path.of(version));
        Files.move(link, directory.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
        if (!Files.isSymbolicLink(directory.resolve("penstock.yaml"))) {
            Files.createSymbolicLink(directory.resolve("penstock.yaml"), Path.of("..data/penstock.yaml"));
        }
    }
}
