package io.penstock.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.penstock.chart.Tool;
import io.penstock.simulator.Exchange;
import io.penstock.simulator.Headers;
import io.penstock.simulator.Script;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The application of {@code deploy/example}, with OpenAI's SDK for Node.js, in the environment that the injector gives it. */
class ExampleAppIT extends WithRig {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String CHUNK =
            "data: {\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"gpt-5-mini\","
                    + "\"choices\":[{\"index\":0,\"delta\":{\"content\":\"%s\"},\"finish_reason\":null}]}\n\n";

    @TempDir
    private Path directory;

    @Test
    void jobPrintsTheStreamedAnswerAndEnds() throws Exception {
        rig.provider().always(answer());

        Process job = start("0");

        assertThat(job.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(output()).isEqualTo("A pipe.\n");
        assertThat(job.exitValue()).isZero();
        assertThat(rig.provider().exchanges()).singleElement().satisfies(exchange -> {
            assertThat(exchange.path()).isEqualTo("/v1/chat/completions");
            assertThat(exchange.headers().all("authorization")).containsExactly("Bearer sk-of-the-application");
        });
    }

    @Test
    void jobFailsWithTheProvidersWordsWhenTheAccountIsEmpty() throws Exception {
        rig.provider().always(Script.json(429, """
                        {"error": {"message": "You exceeded your current quota.", "type": "insufficient_quota",
                        "param": null, "code": "insufficient_quota"}}"""));

        Process job = start("0");

        assertThat(job.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(output()).contains("429", "You exceeded your current quota.");
        assertThat(job.exitValue()).isEqualTo(1);
        assertThat(rig.provider().exchanges())
                .as("Penstock tells the SDK that asking again is of no use")
                .hasSize(1);
    }

    @Test
    void deploymentAsksAgainUntilItIsTold() throws Exception {
        rig.provider().always(answer());

        Process application = start("0.05");
        try {
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(output().lines()).hasSizeGreaterThan(2));
            application.destroy();

            assertThat(application.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .isTrue();
            assertThat(application.exitValue()).isZero();
            assertThat(output().lines()).containsOnly("A pipe.");
            assertThat(rig.provider().exchanges()).extracting(Exchange::path).containsOnly("/v1/chat/completions");
        } finally {
            application.destroyForcibly();
        }
    }

    private Process start(String askEvery) throws IOException {
        Path modules = Tool.fetched("example/node_modules", ".ci/example.sh");
        Path example = Path.of("deploy/example");
        Files.createSymbolicLink(directory.resolve("node_modules"), modules);
        for (String file : List.of("app.mjs", "package.json")) {
            Files.copy(example.resolve(file), directory.resolve(file));
        }
        ProcessBuilder builder = new ProcessBuilder("node", "app.mjs")
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("output").toFile());
        builder.environment().put("OPENAI_BASE_URL", rig.penstock().baseUrl() + "/openai/v1");
        builder.environment().put("OPENAI_API_KEY", "sk-of-the-application");
        builder.environment().put("ASK_EVERY", askEvery);
        return builder.start();
    }

    private String output() throws IOException {
        return Files.readString(directory.resolve("output"));
    }

    private static Script answer() {
        return Script.begin()
                .head(200, Headers.of("content-type", "text/event-stream"))
                .frames(
                        List.of(CHUNK.formatted("A "), CHUNK.formatted("pipe."), "data: [DONE]\n\n"),
                        Duration.ofMillis(5))
                .end();
    }
}
