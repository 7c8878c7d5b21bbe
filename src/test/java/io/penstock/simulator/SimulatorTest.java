package io.penstock.simulator;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Vertx;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SimulatorTest {
    private static final Headers SSE = Headers.of("content-type", "text/event-stream");
    private static final String CHAT = "/v1/chat/completions";

    private static Vertx vertx;
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private Simulator simulator;

    @BeforeAll
    static void startVertx() {
        vertx = Vertx.vertx();
    }

    @AfterAll
    static void stopVertx() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @BeforeEach
    void start() {
        simulator = Simulator.start(vertx);
    }

    @AfterEach
    void stop() {
        simulator.close();
    }

    @Test
    void remembersRequestsWithHeadersInOrderAndRepeated() throws IOException {
        try (Socket socket = socket()) {
            write(
                    socket,
                    "POST /v1/x?a=1 HTTP/1.1\r\nhost: h\r\nx-b: 1\r\nX-A: 2\r\nx-b: 3\r\ncontent-length: 4\r\n\r\nbody");
            await().until(() -> !simulator.exchanges().isEmpty()
                    && simulator.exchanges().get(0).ending().isDone());
        }

        Exchange exchange = simulator.exchanges().get(0);
        assertThat(exchange.method()).isEqualTo("POST");
        assertThat(exchange.uri()).isEqualTo("/v1/x?a=1");
        assertThat(exchange.path()).isEqualTo("/v1/x");
        assertThat(exchange.headers().fields())
                .extracting(f -> f.name() + "=" + f.value())
                .containsExactly("host=h", "x-b=1", "X-A=2", "x-b=3", "content-length=4");
        assertThat(exchange.bodyText()).isEqualTo("body");
    }

    @Test
    void answersFromTheQueueThenByRuleThenByDefault() throws Exception {
        simulator
                .when(x -> x.path().equals("/special"), Script.json(202, "rule"))
                .always(Script.json(203, "default"))
                .enqueue(Script.json(200, "first"), Script.json(201, "second"));

        assertThat(List.of(get("/special"), get("/"), get("/special"), get("/")))
                .extracting(HttpResponse::statusCode, r -> new String(r.body(), UTF_8))
                .containsExactly(tuple(200, "first"), tuple(201, "second"), tuple(202, "rule"), tuple(203, "default"));
    }

    @Test
    void forgetsScriptsAndExchanges() throws Exception {
        simulator.always(Script.json(500, "")).enqueue(Script.json(501, ""));
        get("/v1/models");

        simulator.forget();

        assertThat(simulator.exchanges()).isEmpty();
        assertThat(get("/v1/models").statusCode()).isEqualTo(200);
    }

    @Test
    void saysSoWhenAScriptFails() throws Exception {
        simulator.always(x -> {
            throw new IllegalStateException("mistake");
        });

        HttpResponse<byte[]> answer = get("/");

        assertThat(answer.statusCode()).isEqualTo(500);
        assertThat(new String(answer.body(), UTF_8)).contains("mistake");
    }

    @Test
    void answersWholeWithTheGivenHeadersInOrder() throws IOException {
        simulator.always(Script.answer(
                429, Headers.of("Retry-After", "3", "set-cookie", "a", "set-cookie", "b"), "{\"error\":null}"));

        assertThat(exchange("GET / HTTP/1.1\r\nhost: h\r\nconnection: close\r\n\r\n"))
                .isEqualTo("HTTP/1.1 429 Too Many Requests\r\nRetry-After: 3\r\nset-cookie: a\r\nset-cookie: b\r\n"
                        + "content-length: 14\r\nconnection: close\r\n\r\n{\"error\":null}");
    }

    @Test
    void sendsTheHeadByItself() throws IOException {
        simulator.always(Script.begin().head(200, SSE).hang());

        try (Socket socket = socket()) {
            write(socket, "GET / HTTP/1.1\r\nhost: h\r\n\r\n");
            assertThat(readUntil(socket, "\r\n\r\n")).startsWith("HTTP/1.1 200 OK\r\n");
        }
    }

    @Test
    void tricklesEveryByteInAChunkOfItsOwn() throws Exception {
        byte[] bytes = "data: é\r\n\r\n:\n".getBytes(UTF_8);
        simulator.always(Script.begin()
                .head(200, SSE)
                .trickle(bytes, 1, Duration.ofMillis(2))
                .end());

        String wire = exchange("GET / HTTP/1.1\r\nhost: h\r\nconnection: close\r\n\r\n");

        assertThat(wire)
                .contains("\r\n\r\n1\r\nd\r\n1\r\na\r\n1\r\nt\r\n1\r\na\r\n")
                .endsWith("1\r\n\n\r\n0\r\n\r\n");
        assertThat(simulator.exchanges().get(0).sent()).isEqualTo(bytes);
    }

    @Test
    void sendsALongScriptAndABigBodyWhole() throws Exception {
        byte[] big = new byte[3_000_000];
        Arrays.fill(big, (byte) 'x');
        simulator.always(Script.begin()
                .head(200, SSE)
                .repeat("y", Duration.ZERO, 20_000)
                .bytes(big)
                .end());

        HttpResponse<byte[]> answer = get("/");

        assertThat(answer.body())
                .hasSize(3_020_000)
                .isEqualTo(simulator.exchanges().get(0).sent());
    }

    @Test
    void waitsForAReaderThatDoesNotRead() throws Exception {
        byte[] big = new byte[64 * 1024 * 1024];
        simulator.always(Script.begin().head(200, SSE).bytes(big).end());

        try (Socket socket = socket()) {
            write(socket, "GET / HTTP/1.1\r\nhost: h\r\n\r\n");
            readUntil(socket, "\r\n\r\n");
            Exchange exchange = simulator.exchanges().get(0);
            await().during(Duration.ofMillis(200)).until(() -> exchange.sent().length < big.length / 2);
            assertThat(exchange.ending()).isNotDone();
        }
        await().until(() -> simulator.openExchanges() == 0);
    }

    @Test
    void cutsWithoutTheLastChunk() throws IOException {
        simulator.always(Voice.openAiChat().cutMidStream("Hel"));

        String wire = exchange("POST " + CHAT + " HTTP/1.1\r\nhost: h\r\ncontent-length: 0\r\n\r\n");

        assertThat(wire).contains("\"content\":\"Hel\"").doesNotEndWith("0\r\n\r\n");
        assertThat(simulator.exchanges().get(0).ending())
                .isCompletedWithValueMatching(e -> e.how() == Ending.How.BROKEN_OFF);
    }

    @Test
    void resetsTheConnection() throws IOException {
        simulator.always(Script.begin().reset());

        try (Socket socket = socket()) {
            write(socket, "GET / HTTP/1.1\r\nhost: h\r\n\r\n");
            assertThatThrownBy(() -> socket.getInputStream().read())
                    .isInstanceOf(SocketException.class)
                    .hasMessageContaining("reset");
        }
    }

    @Test
    void hangsUntilTheOtherSideLeavesAndKnowsWhen() throws Exception {
        simulator.always(Script.begin().hang());
        Socket socket = socket();
        write(socket, "GET / HTTP/1.1\r\nhost: h\r\n\r\n");
        await().until(() -> simulator.openExchanges() == 1);
        assertThat(simulator.openConnections()).isEqualTo(1);
        Exchange exchange = simulator.exchanges().get(0);
        assertThat(exchange.ending()).isNotDone();

        long left = System.nanoTime();
        socket.close();

        assertThat(exchange.ending()).succeedsWithin(Duration.ofSeconds(5)).satisfies(ending -> {
            assertThat(ending.how()).isEqualTo(Ending.How.ABANDONED);
            assertThat(ending.nanoTime()).isGreaterThan(left);
        });
        await().until(() -> simulator.openConnections() == 0 && simulator.openExchanges() == 0);
    }

    @Test
    void stopsPingingWhenTheOtherSideLeaves() throws Exception {
        simulator.always(Voice.anthropic().pingsOnly(Duration.ofMillis(5)));
        try (Socket socket = socket()) {
            write(socket, "POST /v1/messages HTTP/1.1\r\nhost: h\r\ncontent-length: 0\r\n\r\n");
            readUntil(socket, "event: ping\ndata: {\"type\": \"ping\"}\n\n");
            readUntil(socket, "event: ping\ndata: {\"type\": \"ping\"}\n\n");
        }
        Exchange exchange = simulator.exchanges().get(0);
        assertThat(exchange.ending()).succeedsWithin(Duration.ofSeconds(5));

        int sent = exchange.sent().length;
        await().during(Duration.ofMillis(100)).until(() -> exchange.sent().length == sent);
    }

    @Test
    void continuesExpectantRequests() throws IOException {
        try (Socket socket = socket()) {
            write(socket, "POST " + CHAT + " HTTP/1.1\r\nhost: h\r\nexpect: 100-continue\r\ncontent-length: 2\r\n\r\n");
            readUntil(socket, "HTTP/1.1 100 Continue\r\n\r\n");
            write(socket, "{}");
            assertThat(readUntil(socket, "\r\n\r\n")).startsWith("HTTP/1.1 200 OK");
        }
    }

    @Test
    void freesThePortAndBreaksOffWhatIsOpenWhenClosed() throws Exception {
        simulator.always(Script.begin().hang());
        CompletableFuture<HttpResponse<byte[]>> asked = CLIENT.sendAsync(to("/").build(), BodyHandlers.ofByteArray());
        await().until(() -> simulator.openExchanges() == 1);
        int port = simulator.port();

        simulator.close();

        assertThat(asked).failsWithin(Duration.ofSeconds(5));
        assertThatThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), port))
                .isInstanceOf(ConnectException.class);
        await().until(() -> simulator.openExchanges() == 0 && simulator.openConnections() == 0);
        start();
    }

    @Test
    void servesAThousandSlowStreamsAtOnce() {
        String[] pieces = new String[20];
        Arrays.fill(pieces, "word ");
        simulator.always(Voice.openAiChat().saysSlowly(Duration.ofMillis(50), pieces));
        HttpRequest request = to(CHAT).POST(BodyPublishers.ofString("{\"model\":\"m\",\"stream\":true}"))
                .build();

        List<CompletableFuture<HttpResponse<byte[]>>> asked = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            asked.add(CLIENT.sendAsync(request, BodyHandlers.ofByteArray()));
        }

        await().until(() -> simulator.openExchanges() == 1_000);
        assertThat(asked).allSatisfy(answer -> assertThat(answer)
                .succeedsWithin(Duration.ofSeconds(30))
                .satisfies(r -> assertThat(new String(r.body(), UTF_8)).endsWith("data: [DONE]\n\n")));
        await().until(() -> simulator.openExchanges() == 0);
    }

    private HttpResponse<byte[]> get(String path) throws IOException, InterruptedException {
        return CLIENT.send(to(path).build(), BodyHandlers.ofByteArray());
    }

    private HttpRequest.Builder to(String path) {
        return HttpRequest.newBuilder(URI.create(simulator.baseUrl() + path)).timeout(Duration.ofSeconds(30));
    }

    private Socket socket() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), simulator.port());
        socket.setSoTimeout(5_000);
        return socket;
    }

    private String exchange(String request) throws IOException {
        try (Socket socket = socket()) {
            write(socket, request);
            return new String(socket.getInputStream().readAllBytes(), UTF_8);
        }
    }

    private static void write(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(UTF_8));
        socket.getOutputStream().flush();
    }

    private static String readUntil(Socket socket, String end) throws IOException {
        InputStream in = socket.getInputStream();
        ByteArrayOutputStream read = new ByteArrayOutputStream();
        while (!read.toString(ISO_8859_1).endsWith(end)) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("ended after: " + read);
            }
            read.write(next);
        }
        return read.toString(UTF_8);
    }
}
