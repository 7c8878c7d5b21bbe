package io.penstock.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.penstock.simulator.Headers;
import io.penstock.simulator.Script;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Many slow streams at once, for {@code penstock.soak.seconds}: no error, no leak, no blocked event loop. */
class SoakIT extends WithRig {
    private static final int STREAMS = 500;
    private static final Duration EVERY = Duration.ofMillis(200);
    private static final Duration SOAK = Duration.ofSeconds(Integer.getInteger("penstock.soak.seconds", 10));
    private static final String EVENT = "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"word \"}}]}\n\n";
    private static final String END =
            "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n";
    private static final long HEAP_SLACK = 16L * 1024 * 1024;

    @Test
    void carriesManySlowStreamsWithoutErrorOrLeak() throws Exception {
        HttpClient client = rig.vertx()
                .createHttpClient(
                        new HttpClientOptions().setMaxPoolSize(STREAMS).setKeepAlive(false));
        // The first round fills pools and caches, which stay filled.
        assertWholeStreams(client, 2);
        long before = liveHeap();

        int events = (int) (SOAK.toMillis() / EVERY.toMillis());
        Future<List<String>> streams = open(client, events);
        await("all streams open").atMost(Duration.ofSeconds(30)).untilAsserted(() -> assertThat(
                        rig.metrics().sum("penstock_open_streams"))
                .isEqualTo(STREAMS));
        assertWhole(streams, events);

        await("all streams closed").untilAsserted(() -> assertThat(rig.metrics().sum("penstock_open_streams"))
                .isZero());
        Metrics metrics = rig.metrics();
        assertThat(metrics.sum("penstock_in_flight")).isZero();
        assertThat(metrics.sum("penstock_errors_total")).isZero();
        assertThat(metrics.sum("penstock_interceptions_total", "outcome", "success"))
                .isEqualTo(2 * STREAMS);
        assertThat(rig.penstock().output())
                .noneMatch(line -> line.contains("has been blocked"))
                .noneMatch(line -> line.contains("LEAK"));
        assertThat(liveHeap() - before).as("growth of the live heap, bytes").isLessThan(HEAP_SLACK);
    }

    private static void assertWholeStreams(HttpClient client, int events) throws Exception {
        assertWhole(open(client, events), events);
    }

    private static void assertWhole(Future<List<String>> streams, int events) throws Exception {
        assertThat(streams.toCompletionStage().toCompletableFuture().get(SOAK.toSeconds() + 60, TimeUnit.SECONDS))
                .hasSize(STREAMS)
                .allMatch((EVENT.repeat(events) + END)::equals);
    }

    private static Future<List<String>> open(HttpClient client, int events) {
        rig.provider()
                .always(Script.begin()
                        .head(200, Headers.of("content-type", "text/event-stream"))
                        .repeat(EVENT, EVERY, events)
                        .bytes(END)
                        .end());
        return Future.all(IntStream.range(0, STREAMS)
                        .mapToObj(i -> stream(client))
                        .toList())
                .map(all -> all.<String>list());
    }

    private static Future<String> stream(HttpClient client) {
        return client.request(HttpMethod.POST, rig.penstock().port(), "127.0.0.1", "/openai/v1/chat/completions")
                .compose(request -> request.putHeader("content-type", "application/json")
                        .send("{\"model\":\"gpt-5\",\"stream\":true,\"messages\":[]}"))
                .compose(HttpClientResponse::body)
                .map(Buffer::toString);
    }

    /** The bytes of live objects after a full collection, which taking a class histogram causes; 0 without a JVM. */
    private static long liveHeap() throws Exception {
        if (PenstockProcess.isNative()) {
            return 0;
        }
        Process jcmd = new ProcessBuilder(
                        System.getProperty("java.home") + "/bin/jcmd",
                        String.valueOf(rig.penstock().pid()),
                        "GC.class_histogram")
                .redirectErrorStream(true)
                .start();
        String histogram = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return histogram
                .lines()
                .filter(line -> line.startsWith("Total"))
                .mapToLong(line -> Long.parseLong(line.replaceFirst(".* (\\d+)\\s*$", "$1")))
                .findFirst()
                .orElseThrow(() -> new AssertionError(histogram));
    }
}
