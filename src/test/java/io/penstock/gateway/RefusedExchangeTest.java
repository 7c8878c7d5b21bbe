package io.penstock.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.penstock.classify.Category;
import io.penstock.classify.Phase;
import io.penstock.record.Interception;
import io.penstock.record.Interception.Outcome;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that do not leave the pod, on real connections. */
class RefusedExchangeTest {
    private static final String CHAT = "POST /openai/v1/chat/completions HTTP/1.1\r\nHost: x\r\n";
    private static final Duration LINGERING = Duration.ofSeconds(3);

    private GatewayRig rig;

    @BeforeEach
    void start() throws IOException {
        rig = GatewayRig.start();
    }

    @AfterEach
    void nothingIsLeft() {
        try {
            assertThat(rig.inFlight()).isZero();
            assertThat(rig.provider.exchanges()).isEmpty();
        } finally {
            rig.close();
        }
    }

    @Test
    void answersAWebSocketUpgradeWithUpgradeRequired() throws Exception {
        try (GatewayRig.Client client = rig.connect()) {
            String answer = client.send(String.join(
                            "\r\n",
                            "GET /openai/v1/responses HTTP/1.1",
                            "Host: x",
                            "Connection: Upgrade",
                            "Upgrade: websocket",
                            "Sec-WebSocket-Version: 13",
                            "Sec-WebSocket-Key: eA==",
                            "",
                            ""))
                    .readToEnd();

            assertThat(answer).startsWith("HTTP/1.1 426 ").containsIgnoringCase("\r\nupgrade: HTTP/1.1\r\n");
            assertRefused(426);
        }
    }

    @Test
    void refusesABodyThatAnnouncesItselfTooLargeWithoutReadingIt() throws Exception {
        try (GatewayRig.Client client = rig.connect()) {
            String answer =
                    client.send(CHAT + "Content-Length: 99999999999\r\n\r\n").readAnswer();

            assertThat(answer).startsWith("HTTP/1.1 413 ").contains("maxRequestBytes");
            assertClosed(client);
            assertRefused(413);
        }
    }

    @Test
    void answersAClientThatGoesOnUploading() throws Exception {
        String chunk = "10000\r\n" + "x".repeat(0x10000) + "\r\n";
        try (GatewayRig.Client client = rig.connect()) {
            client.send(CHAT + "Transfer-Encoding: chunked\r\n\r\n");
            for (int i = 0; i < 40; i++) {
                client.send(chunk);
            }

            assertThat(client.readAnswer()).startsWith("HTTP/1.1 413 ");
            client.send(chunk);
            assertClosed(client);
            assertRefused(413);
        }
    }

    @Test
    void asksForNoBodyThatItWouldRefuse() throws Exception {
        try (GatewayRig.Client client = rig.connect()) {
            String answer = client.send(CHAT + "Expect: 100-continue\r\nContent-Length: 2000000\r\n\r\n")
                    .readAnswer();

            assertThat(answer).startsWith("HTTP/1.1 413 ");
            assertRefused(413);
        }
    }

    @Test
    void takesAClientThatLeavesDuringItsUploadForNoError() throws Exception {
        try (GatewayRig.Client client = rig.connect()) {
            client.send(CHAT + "Content-Length: 100\r\n\r\nhalf");
            await().atMost(Duration.ofSeconds(5)).until(() -> rig.inFlight() == 1);
        }

        Interception record = rig.record();
        assertThat(record.outcome()).isEqualTo(Outcome.CANCELED);
        assertThat(record.error()).isNull();
        assertThat(record.httpStatus()).isNull();
    }

    @Test
    void endsTheConnectionOfABodyThatIsFramedBadly() throws Exception {
        try (GatewayRig.Client client = rig.connect()) {
            client.send(CHAT + "Transfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n");
            await().atMost(Duration.ofSeconds(5)).until(() -> rig.inFlight() == 1);

            // Whether the answer still goes out is up to Vert.x, which closes the connection; that it ends is not.
            assertThat(client.send("zz\r\n").readToEnd()).doesNotContain("HTTP/1.1 2");
        }
        assertRefused(400);
    }

    @Test
    void sendsNoBodyInAnswerToHead() throws Exception {
        try (GatewayRig.Client client = rig.connect()) {
            String answer = client.send("HEAD /nowhere HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                    .readToEnd();

            assertThat(answer).startsWith("HTTP/1.1 404 ").endsWith("\r\n\r\n");
            assertRefused(404);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /nowhere HTTP/1.1\r\nHost: x\r\n\r\n",
                "POST /nowhere HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n",
                "POST /openai/v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nnull",
            })
    void keepsTheConnectionAfterARequestThatCameWhole(String request) throws Exception {
        try (GatewayRig.Client client = rig.connect()) {
            assertThat(client.send(request).readAnswer()).startsWith("HTTP/1.1 4");
            assertThat(client.send(request).readAnswer()).startsWith("HTTP/1.1 4");
        }
        rig.record();
        rig.record();
    }

    @Test
    void refusesATargetThatWouldEndTheRequestLine() throws Exception {
        HttpClient client = rig.vertx.createHttpClient(
                new HttpClientOptions().setProtocolVersion(HttpVersion.HTTP_2).setHttp2ClearTextUpgrade(false));

        HttpClientResponse answer = client.request(
                        HttpMethod.GET, rig.port, "127.0.0.1", "/openai/v1/models HTTP/1.1 x")
                .compose(request -> request.send())
                .toCompletionStage()
                .toCompletableFuture()
                .get(5, TimeUnit.SECONDS);

        assertThat(answer.statusCode()).isEqualTo(400);
        assertRefused(400);
    }

    @Test
    void answersAnUploadOverHttp2Early() throws Exception {
        HttpClient client = rig.vertx.createHttpClient(
                new HttpClientOptions().setProtocolVersion(HttpVersion.HTTP_2).setHttp2ClearTextUpgrade(false));

        HttpClientResponse answer = client.request(
                        HttpMethod.POST, rig.port, "127.0.0.1", "/openai/v1/chat/completions")
                .compose(request -> {
                    request.exceptionHandler(reset -> {});
                    request.setChunked(true).write("x".repeat(2 * GatewayRig.CAP));
                    return request.response();
                })
                .toCompletionStage()
                .toCompletableFuture()
                .get(5, TimeUnit.SECONDS);

        assertThat(answer.statusCode()).isEqualTo(413);
        assertRefused(413);
    }

    @Test
    void refusesBeyondTheInterceptionsInFlight() throws Exception {
        try (GatewayRig narrow = GatewayRig.startWithRoute(policy -> policy.route(GatewayRig.CAP, 1, List.of()));
                GatewayRig.Client first = narrow.connect();
                GatewayRig.Client second = narrow.connect()) {
            first.send(CHAT + "Content-Length: 100\r\n\r\n{");
            await().atMost(Duration.ofSeconds(5)).until(() -> narrow.inFlight() == 1);

            String answer = second.send(CHAT + "Content-Length: 2\r\n\r\n{}").readAnswer();

            assertThat(answer).startsWith("HTTP/1.1 503 ").containsIgnoringCase("\r\nretry-after: 1\r\n");
            assertThat(narrow.inFlight()).isEqualTo(1);
        }
    }

    private void assertRefused(int status) throws InterruptedException {
        Interception record = rig.record();
        assertThat(record.outcome()).isEqualTo(Outcome.ERROR);
        assertThat(record.httpStatus()).isEqualTo(status);
        assertThat(record.attempts()).isEmpty();
        assertThat(record.error()).isNotNull().satisfies(error -> {
            assertThat(error.phase()).isEqualTo(Phase.GATEWAY);
            assertThat(error.category()).isIn(Category.INVALID_REQUEST, Category.REQUEST_TOO_LARGE);
        });
    }

    private static void assertClosed(GatewayRig.Client client) throws IOException {
        long since = System.nanoTime();
        assertThat(client.readToEnd()).isEmpty();
        assertThat(Duration.ofNanos(System.nanoTime() - since)).isLessThan(LINGERING);
    }
}
