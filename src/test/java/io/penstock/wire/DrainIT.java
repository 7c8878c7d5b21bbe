package io.penstock.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.penstock.simulator.Headers;
import io.penstock.simulator.Script;
import io.penstock.simulator.Simulator;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SIGTERM while something is under way, as Kubernetes sends it. */
class DrainIT {
    private static final Headers EVENT_STREAM = Headers.of("content-type", "text/event-stream");
    private static final RawHead CHUNKED = new RawHead(200, List.of(new RawHead.Field("transfer-encoding", "chunked")));
    private static final String CHAT = "/openai/v1/chat/completions";
    private static final String BODY = "{\"model\":\"gpt-5\",\"stream\":true,\"messages\":[]}";
    private static final String WORD = "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"word \"}}]}\n\n";

    @TempDir
    Path directory;

    private Vertx vertx;
    private Simulator provider;
    private PenstockProcess penstock;

    @BeforeEach
    void start() {
        vertx = Vertx.vertx();
        provider = Simulator.start(vertx);
    }

    @AfterEach
    void stop() {
        penstock.close();
        provider.close();
        vertx.close();
    }

    private void serve(String drain) throws IOException {
        Path policy = Files.writeString(directory.resolve("penstock.yaml"), Rig.policy(provider.baseUrl()));
        penstock = PenstockProcess.serve(Map.of("PENSTOCK_POLICY", policy.toString(), "PENSTOCK_DRAIN", drain));
    }

    private RawClient streaming() throws IOException {
        RawClient client = penstock.connect();
        assertThat(client.post(CHAT, BODY).readHead().status()).isEqualTo(200);
        assertThat(new String(client.readChunk(), UTF_8)).contains("word");
        return client;
    }

    /** Unlike {@link Process#destroy()} this leaves its output readable. */
    private CompletableFuture<ProcessHandle> terminate() {
        ProcessHandle process = ProcessHandle.of(penstock.pid()).orElseThrow();
        process.destroy();
        return process.onExit();
    }

    private void assertEndedWell(CompletableFuture<ProcessHandle> ended, String lastLine) throws Exception {
        ended.get(20, TimeUnit.SECONDS);
        await("the last line").until(() -> penstock.output().stream().anyMatch(line -> line.contains(lastLine)));
        assertThat(penstock.output()).noneMatch(line -> line.contains("ERROR"));
        assertThat(penstock.stop()).isIn(0, 143);
    }

    @Test
    void finishesTheStreamsThatAreOpenAndIsNotReadyMeanwhile() throws Exception {
        serve("30s");
        provider.always(Script.begin()
                .head(200, EVENT_STREAM)
                .repeat(WORD, Duration.ofMillis(50), 60)
                .bytes("data: [DONE]\n\n")
                .end());
        try (RawClient client = streaming()) {
            CompletableFuture<ProcessHandle> ended = terminate();

            await("readiness down")
                    .atMost(Duration.ofSeconds(2))
                    .pollInterval(Duration.ofMillis(20))
                    .until(() -> penstock.getManagement("/health/ready").statusCode() == 503);
            assertThat(penstock.getManagement("/health/live").statusCode()).isEqualTo(200);
            RawAnswer answer = client.readBody(CHUNKED);
            assertThat(answer.whole()).isTrue();
            assertThat(answer.text()).endsWith("data: [DONE]\n\n");
            assertThat(client.closed()).isTrue();
            assertEndedWell(ended, "outcome=success");
        }
    }

    @Test
    void endsWithAnErrorFrameWhatDoesNotEndInTime() throws Exception {
        serve("1s");
        provider.always(Script.begin().head(200, EVENT_STREAM).repeatForEver(WORD, Duration.ofMillis(20)));
        try (RawClient client = streaming()) {
            CompletableFuture<ProcessHandle> ended = terminate();

            RawAnswer answer = client.readBody(CHUNKED);
            assertThat(answer.whole()).isFalse();
            assertThat(answer.text())
                    .contains("data: {\"error\":{\"message\":\"Penstock: the gateway is shutting down\"");
            assertEndedWell(ended, "no_upstream");
        }
    }

    @Test
    void waitsNoLongerAfterASecondSigterm() throws Exception {
        serve("10m");
        provider.always(Script.begin().head(200, EVENT_STREAM).repeatForEver(WORD, Duration.ofMillis(20)));
        try (RawClient client = streaming()) {
            CompletableFuture<ProcessHandle> ended = terminate();
            await("drain").until(() -> penstock.getManagement("/health/ready").statusCode() == 503);

            ProcessHandle.of(penstock.pid()).ifPresent(ProcessHandle::destroy);

            assertThat(client.readBody(CHUNKED).text()).contains("the gateway is shutting down");
            assertEndedWell(ended, "no_upstream");
        }
    }
}
