package io.penstock.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.simulator.Headers;
import io.penstock.simulator.Script;
import io.penstock.simulator.Simulator;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From the first sign of readiness to the end that SIGTERM asks for. */
class ShutdownIT {
    private static final Headers EVENT_STREAM = Headers.of("content-type", "text/event-stream");
    private static final String BODY = "{\"model\":\"gpt-5\",\"stream\":true,\"messages\":[]}";
    private static final String EVENT = "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"word \"}}]}\n\n";

    @TempDir
    Path directory;

    private Vertx vertx;
    private Simulator provider;
    private PenstockProcess penstock;

    @BeforeEach
    void start() throws IOException {
        vertx = Vertx.vertx();
        provider = Simulator.start(vertx);
        Path policy = Files.writeString(directory.resolve("penstock.yaml"), Rig.policy(provider.baseUrl()));
        penstock = PenstockProcess.start(Map.of("PENSTOCK_POLICY", policy.toString(), "PENSTOCK_DRAIN", "1s"), "serve");
    }

    @AfterEach
    void stop() {
        penstock.close();
        provider.close();
        vertx.close();
    }

    /** The harness asks for readiness until it is told, and asks nothing else before. */
    @Test
    void relaysFromTheMomentItSaysThatItIsReady() throws IOException {
        try (RawClient client = penstock.connect()) {
            assertThat(client.post("/openai/v1/chat/completions", BODY).read().status())
                    .isEqualTo(200);
        }
    }

    @Test
    void endsAtOnceWhenNothingIsUnderWay() throws Exception {
        assertThat(ended()).isIn(0, 143);
        assertThat(penstock.output()).noneMatch(line -> line.contains("ERROR"));
        assertThatThrownBy(penstock::connect).isInstanceOf(IOException.class);
    }

    @Test
    void endsItsStreamsWhenItEnds() throws Exception {
        provider.always(Script.begin().head(200, EVENT_STREAM).repeatForEver(EVENT, Duration.ofMillis(20)));
        try (RawClient client = penstock.connect()) {
            assertThat(client.post("/openai/v1/chat/completions", BODY)
                            .readHead()
                            .status())
                    .isEqualTo(200);
            assertThat(client.readChunk()).isNotEmpty();

            assertThat(ended()).isIn(0, 143);

            assertThat(endsAfterWhatWasUnderWay(client)).isTrue();
        }
    }

    private static boolean endsAfterWhatWasUnderWay(RawClient client) throws IOException {
        try {
            return client.readToEnd() != null;
        } catch (SocketException reset) {
            return true;
        }
    }

    private int ended() throws Exception {
        return CompletableFuture.supplyAsync(() -> {
                    try {
                        return penstock.stop();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                })
                .get(15, TimeUnit.SECONDS);
    }
}
