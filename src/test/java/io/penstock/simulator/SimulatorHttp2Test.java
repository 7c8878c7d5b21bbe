package io.penstock.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.StreamResetException;
import io.vertx.core.net.PfxOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SimulatorHttp2Test {
    private static final HttpClientOptions PRIOR_KNOWLEDGE =
            new HttpClientOptions().setProtocolVersion(HttpVersion.HTTP_2).setHttp2ClearTextUpgrade(false);

    private static Vertx vertx;

    @BeforeAll
    static void startVertx() {
        vertx = Vertx.vertx();
    }

    @AfterAll
    static void stopVertx() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void speaksHttp2InTheClear() throws Exception {
        try (Simulator simulator = Simulator.start(vertx)) {
            Buffer body = result(read(simulator, PRIOR_KNOWLEDGE, "{\"stream\":true,\"model\":\"m\"}"));

            Exchange exchange = simulator.exchanges().get(0);
            assertThat(exchange.version()).isEqualTo(HttpVersion.HTTP_2);
            assertThat(body.getBytes()).isEqualTo(exchange.sent());
            assertThat(body.toString()).endsWith("data: [DONE]\n\n");
            assertThat(exchange.ending())
                    .succeedsWithin(Duration.ofSeconds(5))
                    .extracting(Ending::how)
                    .isEqualTo(Ending.How.ANSWERED);
        }
    }

    @Test
    void speaksHttp2OverTlsByAlpn(@TempDir Path dir) throws Exception {
        Simulator.Options options = Simulator.Options.CLEAR.withCertificate(certificate(dir));
        HttpClientOptions client = new HttpClientOptions()
                .setSsl(true)
                .setTrustAll(true)
                .setVerifyHost(false)
                .setUseAlpn(true)
                .setProtocolVersion(HttpVersion.HTTP_2);
        try (Simulator simulator = Simulator.start(vertx, options)) {
            assertThat(simulator.baseUrl()).startsWith("https://");
            HttpClientResponse answer = result(call(simulator, client, "{}"));
            assertThat(answer.version()).isEqualTo(HttpVersion.HTTP_2);
            assertThat(answer.statusCode()).isEqualTo(200);
        }
        try (Simulator simulator = Simulator.start(vertx, options.withoutHttp2())) {
            assertThat(result(call(simulator, client, "{}")).version()).isEqualTo(HttpVersion.HTTP_1_1);
        }
    }

    @Test
    void cutsATlsConnectionWithoutFarewell(@TempDir Path dir) throws Exception {
        Simulator.Options options = Simulator.Options.CLEAR.withCertificate(certificate(dir));
        HttpClientOptions client =
                new HttpClientOptions().setSsl(true).setTrustAll(true).setVerifyHost(false);
        try (Simulator simulator = Simulator.start(vertx, options)) {
            simulator.always(Voice.openAiChat().cutMidStream("Hel"));
            assertThat(read(simulator, client, "{}").toCompletionStage().toCompletableFuture())
                    .failsWithin(Duration.ofSeconds(5));
        }
    }

    @Test
    void resetsTheStreamAndKeepsTheConnection() throws Exception {
        try (Simulator simulator = Simulator.start(vertx)) {
            simulator.enqueue(Script.begin().reset(Script.REFUSED_STREAM));
            HttpClient client = vertx.createHttpClient(PRIOR_KNOWLEDGE);

            assertThat(call(simulator, client, "{}").toCompletionStage().toCompletableFuture())
                    .failsWithin(Duration.ofSeconds(5))
                    .withThrowableThat()
                    .havingCause()
                    .isInstanceOfSatisfying(StreamResetException.class, e -> assertThat(e.getCode())
                            .isEqualTo(Script.REFUSED_STREAM));

            assertThat(result(call(simulator, client, "{}")).statusCode()).isEqualTo(200);
            assertThat(simulator.openConnections()).isEqualTo(1);
        }
    }

    @Test
    void cutsTheWholeConnectionMidStream() throws Exception {
        try (Simulator simulator = Simulator.start(vertx)) {
            simulator.always(Voice.anthropic().cutMidStream("Hel"));

            assertThat(read(simulator, PRIOR_KNOWLEDGE, "{}")
                            .toCompletionStage()
                            .toCompletableFuture())
                    .failsWithin(Duration.ofSeconds(5));
            await().until(() -> simulator.openConnections() == 0);
        }
    }

    @Test
    void refusesTheRequestByGoAway() throws Exception {
        try (Simulator simulator = Simulator.start(vertx)) {
            simulator.always(Script.begin().goAway(Script.NO_ERROR, true).hang());

            assertThat(call(simulator, PRIOR_KNOWLEDGE, "{}")
                            .toCompletionStage()
                            .toCompletableFuture())
                    .failsWithin(Duration.ofSeconds(5));
        }
    }

    @Test
    void finishesTheAnswerAfterAPoliteGoAway() throws Exception {
        try (Simulator simulator = Simulator.start(vertx)) {
            simulator.always(Script.begin()
                    .head(200, Headers.of("content-type", "text/event-stream"))
                    .goAway(Script.NO_ERROR, false)
                    .bytes("data: 1\n\n")
                    .delay(Duration.ofMillis(20))
                    .bytes("data: 2\n\n")
                    .end());

            Buffer body = result(read(simulator, PRIOR_KNOWLEDGE, "{}"));

            assertThat(body.toString()).isEqualTo("data: 1\n\ndata: 2\n\n");
        }
    }

    @Test
    void seesAStreamResetByTheOtherSide() throws Exception {
        try (Simulator simulator = Simulator.start(vertx)) {
            simulator.always(Voice.openAiChat().saysSlowly(Duration.ofSeconds(30), "a", "b"));
            HttpClientResponse answer = result(call(simulator, PRIOR_KNOWLEDGE, "{\"stream\":true}"));

            answer.request().reset(8);

            assertThat(simulator.exchanges().get(0).ending())
                    .succeedsWithin(Duration.ofSeconds(5))
                    .extracting(Ending::how)
                    .isEqualTo(Ending.How.ABANDONED);
            await().until(() -> simulator.openExchanges() == 0);
            assertThat(simulator.openConnections()).isEqualTo(1);
        }
    }

    private static Future<HttpClientResponse> call(Simulator simulator, HttpClientOptions options, String body) {
        return call(simulator, vertx.createHttpClient(options), body);
    }

    private static Future<HttpClientResponse> call(Simulator simulator, HttpClient client, String body) {
        return client.request(HttpMethod.POST, simulator.port(), "127.0.0.1", "/v1/chat/completions")
                .compose((HttpClientRequest request) -> request.send(body));
    }

    /** The body's reader is there before the answer is: else what comes at once could be missed. */
    private static Future<Buffer> read(Simulator simulator, HttpClient client, String body) {
        return client.request(HttpMethod.POST, simulator.port(), "127.0.0.1", "/v1/chat/completions")
                .compose(request -> request.send(body).compose(HttpClientResponse::body));
    }

    private static Future<Buffer> read(Simulator simulator, HttpClientOptions options, String body) {
        return read(simulator, vertx.createHttpClient(options), body);
    }

    private static <T> T result(Future<T> future) throws Exception {
        CompletableFuture<T> done = future.toCompletionStage().toCompletableFuture();
        return done.get(5, TimeUnit.SECONDS);
    }

    private static PfxOptions certificate(Path dir) throws IOException, InterruptedException {
        Path store = dir.resolve("simulator.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "simulator",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=localhost",
                        "-storepass",
                        "changeit",
                        "-keystore",
                        store.toString())
                .redirectErrorStream(true)
                .start();
        assertThat(keytool.waitFor())
                .as(() -> keytool.inputReader().lines().toList().toString())
                .isZero();
        return new PfxOptions().setPath(store.toString()).setPassword("changeit");
    }
}
