package io.penstock.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.penstock.policy.UpstreamPolicy;
import io.penstock.record.Interception.Outcome;
import io.penstock.simulator.Ending;
import io.penstock.simulator.Exchange;
import io.penstock.simulator.Headers;
import io.penstock.simulator.Script;
import io.penstock.simulator.Voice;
import io.penstock.upstream.TestPolicy;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that reach the provider, on real connections. */
class RelayedExchangeTest {
    private static final String CHAT = "POST /openai/v1/chat/completions HTTP/1.1\r\nHost: x\r\n";
    private static final String CONTENT = "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hello\"}}]}\n\n";
    private static final String DONE = "data: [DONE]\n\n";
    private static final String BODY = "{\"model\":\"gpt-5\"}";

    private GatewayRig rig;

    @BeforeEach
    void start() throws IOException {
        rig = GatewayRig.start();
    }

    @AfterEach
    void nothingIsLeft() {
        try {
            await().atMost(Duration.ofSeconds(5)).until(() -> rig.inFlight() == 0);
            assertThat(rig.traffic.openStreams("openai").get()).isZero();
        } finally {
            rig.close();
        }
    }

    @ParameterizedTest
    @CsvSource({"HTTP_1_1, HTTP_1_1", "HTTP_2, HTTP_1_1", "HTTP_1_1, HTTP_2", "HTTP_2, HTTP_2"})
    void relaysBetweenAllVersions(HttpVersion here, UpstreamPolicy.HttpVersion there) throws Exception {
        try (GatewayRig mixed =
                GatewayRig.start(provider -> TestPolicy.of(provider.baseUrl()).httpVersion(there))) {
            mixed.provider.always(
                    Script.answer(200, Headers.of("content-type", "application/json", "x-a", "1", "x-a", "2"), "{}"));
            HttpClientResponse answer = mixed.vertx
                    .createHttpClient(
                            new HttpClientOptions().setProtocolVersion(here).setHttp2ClearTextUpgrade(false))
                    .request(HttpMethod.POST, mixed.port, "127.0.0.1", "/openai/v1/chat/completions?x=%20y")
                    .compose(request -> request.putHeader("X-B", "3").send(BODY))
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(5, TimeUnit.SECONDS);

            assertThat(answer.version()).isEqualTo(here);
            assertThat(answer.headers().getAll("x-a")).containsExactly("1", "2");
            assertThat(answer.headers().names()).noneMatch(name -> name.startsWith(":"));
            Exchange seen = mixed.provider.exchanges().get(0);
            assertThat(seen.version().name()).isEqualTo(there.name());
            assertThat(seen.uri()).isEqualTo("/v1/chat/completions?x=%20y");
            assertThat(seen.bodyText()).isEqualTo(BODY);
            assertThat(seen.headers().first("x-b")).contains("3");
            assertThat(seen.headers().fields()).noneMatch(field -> field.name().startsWith(":"));
            assertThat(mixed.record().outcome()).isEqualTo(Outcome.SUCCESS);
        }
    }

    /** Java's own client asks in the clear for an upgrade to HTTP/2 with its first request, whatever its size. */
    @ParameterizedTest
    @ValueSource(ints = {10, 200_000, 900_000})
    void takesRequestsThatAskForAnUpgradeToHttp2(int padding) throws Exception {
        String body = "{\"model\":\"gpt-5\",\"x\":\"" + "y".repeat(padding) + "\"}";
        HttpResponse<String> answer = java.net.http.HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(
                                        URI.create("http://127.0.0.1:" + rig.port + "/openai/v1/chat/completions"))
                                .timeout(Duration.ofSeconds(10))
                                .POST(HttpRequest.BodyPublishers.ofString(body))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(rig.provider.exchanges().get(0).bodyText()).isEqualTo(body);
        assertThat(rig.provider.exchanges().get(0).headers().all("http2-settings"))
                .isEmpty();
    }

    @Test
    void asksForABodyThatWaits() throws Exception {
        try (GatewayRig.Client client = rig.connect()) {
            client.send(CHAT + "Expect: 100-continue\r\nContent-Length: " + BODY.length() + "\r\n\r\n");
            assertThat(client.readUntil("\r\n\r\n")).startsWith("HTTP/1.1 100 ");

            assertThat(client.send(BODY).readAnswer()).startsWith("HTTP/1.1 200 ");
            assertThat(rig.provider.exchanges().get(0).headers().all("expect")).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {204, 304})
    void relaysAnswersWithoutABody(int status) throws Exception {
        rig.provider.always(Script.begin().head(status, Headers.of("x-a", "1")).end());
        try (GatewayRig.Client client = rig.connect()) {
            String answer = client.send("GET /openai/v1/models HTTP/1.1\r\nHost: x\r\n\r\n")
                    .readUntil("\r\n\r\n");

            assertThat(answer).startsWith("HTTP/1.1 " + status).doesNotContainIgnoringCase("transfer-encoding");
            assertUsable(client);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void relaysHead(boolean length) throws Exception {
        Headers headers = Headers.of("content-type", "application/json");
        rig.provider.enqueue(Script.begin()
                .head(200, length ? headers.with("content-length", "12345") : headers)
                .end());
        try (GatewayRig.Client client = rig.connect()) {
            String answer = client.send("HEAD /openai/v1/models HTTP/1.1\r\nHost: x\r\n\r\n")
                    .readUntil("\r\n\r\n");

            assertThat(answer).startsWith("HTTP/1.1 200 ");
            assertThat(answer.toLowerCase(java.util.Locale.ROOT).contains("content-length: 12345"))
                    .isEqualTo(length);
            assertThat(rig.provider.exchanges().get(0).method()).isEqualTo("HEAD");
            assertUsable(client);
        }
    }

    @Test
    void streamsToAnHttp10ClientUntilTheConnectionEnds() throws Exception {
        rig.provider.always(Voice.openAiChat());
        try (GatewayRig.Client client = rig.connect()) {
            String answer = client.send("POST /openai/v1/chat/completions HTTP/1.0\r\nContent-Length: 31\r\n\r\n"
                            + "{\"model\":\"gpt-5\",\"stream\":true}")
                    .readToEnd();

            assertThat(answer).doesNotContainIgnoringCase("transfer-encoding").endsWith("data: [DONE]\n\n");
            assertThat(answer.substring(answer.indexOf("\r\n\r\n") + 4).getBytes(ISO_8859_1))
                    .isEqualTo(rig.provider.exchanges().get(0).sent());
        }
    }

    @Test
    void keepsTheConnectionAfterAnErrorOfTheProvider() throws Exception {
        rig.provider.enqueue(Script.json(400, "{\"error\":{\"message\":\"no\"}}"));
        try (GatewayRig.Client client = rig.connect()) {
            assertThat(client.send(CHAT + "Content-Length: 2\r\n\r\n{}").readAnswer())
                    .startsWith("HTTP/1.1 400 ");
            assertUsable(client);
        }
    }

    @Test
    void answersPipelinedRequestsInTheirOrder() throws Exception {
        rig.provider.when(
                e -> e.bodyText().contains("slow"),
                Script.begin()
                        .delay(Duration.ofMillis(100))
                        .head(200, Headers.of("content-length", "7", "content-type", "application/json"))
                        .bytes("{\"a\":1}")
                        .end());
        try (GatewayRig.Client client = rig.connect()) {
            client.send(CHAT + "Content-Length: 12\r\n\r\n{\"x\":\"slow\"}" + CHAT + "Content-Length: 4\r\n\r\nnull"
                    + "GET /nowhere HTTP/1.1\r\nHost: x\r\n\r\n");

            assertThat(client.readAnswer()).startsWith("HTTP/1.1 200 ");
            assertThat(client.readAnswer()).startsWith("HTTP/1.1 400 ");
            assertThat(client.readAnswer()).startsWith("HTTP/1.1 404 ");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"HTTP_1_1", "HTTP_2"})
    void holdsTheProviderBackForASlowReader(HttpVersion version) throws Exception {
        int megabytes = 48;
        rig.provider.always(Script.begin()
                .head(200, Headers.of("content-type", "text/event-stream"))
                .bytes(CONTENT)
                .repeat(": " + "x".repeat((1 << 20) - 4) + "\n\n", Duration.ZERO, megabytes)
                .bytes(DONE)
                .end());
        HttpClient client = rig.vertx.createHttpClient(
                new HttpClientOptions().setProtocolVersion(version).setHttp2ClearTextUpgrade(false));
        HttpClientResponse answer = client.request(
                        HttpMethod.POST, rig.port, "127.0.0.1", "/openai/v1/chat/completions")
                .compose(request -> request.send(BODY).onSuccess(HttpClientResponse::pause))
                .toCompletionStage()
                .toCompletableFuture()
                .get(5, TimeUnit.SECONDS);
        Exchange exchange = rig.provider.exchanges().get(0);

        int[] before = {-1};
        await().pollInterval(Duration.ofMillis(300))
                .atMost(Duration.ofSeconds(10))
                .until(() -> {
                    int now = exchange.sent().length;
                    boolean still = now == before[0] && now > 0;
                    before[0] = now;
                    return still;
                });
        assertThat(exchange.ending()).isNotDone();
        assertThat(before[0]).isLessThan((megabytes * 3 / 4) << 20);
        Future<Buffer> whole = answer.body();
        answer.resume();
        Buffer body = whole.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
        assertThat(body.length()).isEqualTo(CONTENT.length() + (megabytes << 20) + DONE.length());
    }

    @Test
    void resetsTheProviderWhenTheClientLeaves() throws Exception {
        rig.provider.always(Script.begin()
                .head(200, Headers.of("content-type", "text/event-stream"))
                .bytes(CONTENT)
                .hang());
        try (GatewayRig.Client client = rig.connect()) {
            client.send(CHAT + "Content-Length: 2\r\n\r\n{}").readUntil("Hello");
            assertThat(rig.traffic.openStreams("openai").get()).isEqualTo(1);
        }

        assertThat(rig.provider.exchanges().get(0).ending())
                .succeedsWithin(Duration.ofSeconds(5))
                .extracting(Ending::how)
                .isEqualTo(Ending.How.ABANDONED);
        assertThat(rig.record().outcome()).isEqualTo(Outcome.CANCELED);
    }

    private static void assertUsable(GatewayRig.Client client) throws IOException {
        assertThat(client.send("GET /nowhere HTTP/1.1\r\nHost: x\r\n\r\n").readUntil("\r\n\r\n"))
                .startsWith("HTTP/1.1 404 ");
    }
}
