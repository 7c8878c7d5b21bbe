package io.penstock.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.penstock.classify.Category;
import io.penstock.classify.Phase;
import io.penstock.record.Interception;
import io.penstock.record.Interception.Outcome;
import io.penstock.simulator.Headers;
import io.penstock.simulator.Script;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The program is told to stop. */
class DrainTest {
    private static final String STREAM = "{\"model\":\"gpt-5\",\"stream\":true}";
    private static final String ASK = "POST /openai/v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Length: "
            + STREAM.length() + "\r\n\r\n" + STREAM;
    private static final String WORD = "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"word\"}}]}\n\n";
    private static final String DONE = "data: [DONE]\n\n";
    private static final Headers EVENTS = Headers.of("content-type", "text/event-stream");

    private GatewayRig rig;

    @BeforeEach
    void start() throws IOException {
        rig = GatewayRig.startDraining(Duration.ofMinutes(1));
    }

    private GatewayRig start(Duration limit) throws IOException {
        rig.close();
        rig = GatewayRig.startDraining(limit);
        return rig;
    }

    @AfterEach
    void stop() {
        rig.close();
    }

    private CompletableFuture<Void> tellToStop() {
        CompletableFuture<Void> stopped = CompletableFuture.runAsync(() -> rig.drain.begin());
        await().until(() -> rig.drain.draining());
        return stopped;
    }

    @Test
    void endsAtOnceWhenNothingIsUnderWay() {
        assertThat(tellToStop()).succeedsWithin(Duration.ofSeconds(2));
    }

    @Test
    void finishesAStreamAndClosesItsConnection() throws Exception {
        start(Duration.ofMinutes(1))
                .provider
                .always(Script.begin()
                        .head(200, EVENTS)
                        .repeat(WORD, Duration.ofMillis(20), 20)
                        .bytes(DONE)
                        .end());
        try (GatewayRig.Client client = rig.connect()) {
            client.send(ASK).readUntil("word");

            CompletableFuture<Void> stopped = tellToStop();

            assertThat(client.readToEnd()).endsWith(DONE + "\r\n0\r\n\r\n");
            assertThat(stopped).succeedsWithin(Duration.ofSeconds(5));
            assertThat(rig.record().outcome()).isEqualTo(Outcome.SUCCESS);
        }
    }

    @Test
    void servesALateRequestAndKeepsNoConnection() throws Exception {
        start(Duration.ofMinutes(1))
                .provider
                .when(
                        exchange -> exchange.bodyText().contains("stream"),
                        Script.begin()
                                .head(200, EVENTS)
                                .bytes(WORD)
                                .delay(Duration.ofMillis(400))
                                .bytes(DONE)
                                .end());
        try (GatewayRig.Client first = rig.connect();
                GatewayRig.Client late = rig.connect()) {
            first.send(ASK).readUntil("word");
            CompletableFuture<Void> stopped = tellToStop();

            String answer = late.send(
                            "POST /openai/v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}")
                    .readToEnd();

            assertThat(answer).startsWith("HTTP/1.1 200 ").containsIgnoringCase("\r\nconnection: close\r\n");
            assertThat(first.readToEnd()).contains(DONE);
            assertThat(stopped).succeedsWithin(Duration.ofSeconds(5));
        }
    }

    @Test
    void endsWhatDoesNotEndInTimeWithAnErrorInTheStream() throws Exception {
        start(Duration.ofMillis(100))
                .provider
                .always(Script.begin().head(200, EVENTS).bytes(WORD).hang());
        try (GatewayRig.Client client = rig.connect()) {
            client.send(ASK).readUntil("word");

            CompletableFuture<Void> stopped = tellToStop();

            assertThat(client.readToEnd())
                    .contains("data: {\"error\":{\"message\":\"Penstock: " + Drain.REASON)
                    .doesNotEndWith("0\r\n\r\n");
            assertThat(stopped).succeedsWithin(Duration.ofSeconds(5));
            Interception record = rig.record();
            assertThat(Objects.requireNonNull(record.error()).category()).isEqualTo(Category.NO_UPSTREAM);
            assertThat(record.error().phase()).isEqualTo(Phase.MID_STREAM);
        }
    }

    @Test
    void answersWhatHasNotBegunToBeAnsweredWithAStatus() throws Exception {
        start(Duration.ofMillis(100)).provider.always(Script.begin().hang());
        try (GatewayRig.Client client = rig.connect()) {
            client.send(ASK);
            await().until(() -> rig.provider.openExchanges() == 1);

            CompletableFuture<Void> stopped = tellToStop();

            assertThat(client.readToEnd())
                    .startsWith("HTTP/1.1 503 ")
                    .containsIgnoringCase("\r\nretry-after: 1\r\n")
                    .containsIgnoringCase("\r\nconnection: close\r\n")
                    .contains("Penstock: " + Drain.REASON);
            assertThat(stopped).succeedsWithin(Duration.ofSeconds(5));
            await().until(() -> rig.provider.openExchanges() == 0);
            assertThat(rig.record().httpStatus()).isEqualTo(503);
        }
    }

    @Test
    void answersAnUploadThatIsUnderWay() throws Exception {
        start(Duration.ofMillis(100));
        try (GatewayRig.Client client = rig.connect()) {
            client.send(ASK.substring(0, ASK.length() - 5));
            await().until(() -> rig.inFlight() == 1);

            CompletableFuture<Void> stopped = tellToStop();

            assertThat(client.readUntil("}}")).startsWith("HTTP/1.1 503 ");
            assertThat(stopped).succeedsWithin(Duration.ofSeconds(5));
        }
    }

    @Test
    void waitsNoLongerWhenItIsToldAgain() throws Exception {
        start(Duration.ofMinutes(10))
                .provider
                .always(Script.begin().head(200, EVENTS).bytes(WORD).hang());
        try (GatewayRig.Client client = rig.connect()) {
            client.send(ASK).readUntil("word");
            CompletableFuture<Void> stopped = tellToStop();
            assertThat(stopped).isNotDone();

            rig.drain.hurry();

            assertThat(client.readToEnd()).contains("Penstock: " + Drain.REASON);
            assertThat(stopped).succeedsWithin(Duration.ofSeconds(5));
        }
    }

    @Test
    void doesNotWaitForAClientThatHasLeft() throws Exception {
        start(Duration.ofMinutes(10))
                .provider
                .always(Script.begin().head(200, EVENTS).bytes(WORD).hang());
        GatewayRig.Client client = rig.connect();
        client.send(ASK).readUntil("word");
        CompletableFuture<Void> stopped = tellToStop();

        client.close();

        assertThat(stopped).succeedsWithin(Duration.ofSeconds(5));
        assertThat(rig.record().outcome()).isEqualTo(Outcome.CANCELED);
    }

    @Test
    void saysGoAwayAndFinishesTheStreamsOfHttp2() throws Exception {
        start(Duration.ofMinutes(1))
                .provider
                .always(Script.begin()
                        .head(200, EVENTS)
                        .repeat(WORD, Duration.ofMillis(20), 20)
                        .bytes(DONE)
                        .end());
        AtomicInteger goAways = new AtomicInteger();
        HttpClientRequest request = rig.vertx
                .httpClientBuilder()
                .with(new HttpClientOptions()
                        .setProtocolVersion(HttpVersion.HTTP_2)
                        .setHttp2ClearTextUpgrade(false))
                .withConnectHandler(connection -> connection.goAwayHandler(told -> goAways.incrementAndGet()))
                .build()
                .request(HttpMethod.POST, rig.port, "127.0.0.1", "/openai/v1/chat/completions")
                .toCompletionStage()
                .toCompletableFuture()
                .get(5, TimeUnit.SECONDS);
        HttpClientResponse answer =
                request.send(STREAM).toCompletionStage().toCompletableFuture().get(5, TimeUnit.SECONDS);
        CompletableFuture<Buffer> body = answer.body().toCompletionStage().toCompletableFuture();

        CompletableFuture<Void> stopped = tellToStop();

        assertThat(body.get(10, TimeUnit.SECONDS).toString()).endsWith(DONE);
        assertThat(stopped).succeedsWithin(Duration.ofSeconds(5));
        await().until(() -> goAways.get() > 0);
        assertThat(rig.record().outcome()).isEqualTo(Outcome.SUCCESS);
    }
}
