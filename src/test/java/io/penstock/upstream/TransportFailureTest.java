package io.penstock.upstream;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.DecoderException;
import io.penstock.classify.Signal;
import io.penstock.policy.UpstreamPolicy.HttpVersion;
import io.penstock.simulator.Headers;
import io.penstock.simulator.Script;
import io.penstock.simulator.Simulator;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.PemTrustOptions;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The signals of failures that really happen, whatever classes the network stack uses for them today. */
class TransportFailureTest {
    private static ConnectorRig rig;
    private static TestCertificate certificate;

    @BeforeAll
    static void start(@TempDir Path dir) throws Exception {
        rig = new ConnectorRig();
        certificate = TestCertificate.of(dir, "ip:127.0.0.1");
    }

    @AfterAll
    static void stop() {
        rig.close();
    }

    @Test
    void refusedPort() throws Exception {
        assertSignal(Signal.CONNECT_REFUSED, TestPolicy.of("http://127.0.0.1:" + closedPort()));
    }

    @Test
    void unknownHost() throws Exception {
        assertSignal(Signal.DNS, TestPolicy.of("http://no-such-host.invalid"));
    }

    @Test
    void fullBacklog() throws Exception {
        // A listener that accepts nobody and whose queue is taken: the kernel leaves further SYNs unanswered.
        try (ServerSocket full = new ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress());
                java.net.Socket first = new java.net.Socket(full.getInetAddress(), full.getLocalPort());
                java.net.Socket second = new java.net.Socket(full.getInetAddress(), full.getLocalPort())) {
            assertThat(first.isConnected() && second.isConnected()).isTrue();
            TestPolicy policy = TestPolicy.of("http://127.0.0.1:" + full.getLocalPort());
            assertThat(TransportFailure.of(failureWithin(policy, java.time.Duration.ofMillis(300))))
                    .isEqualTo(Signal.CONNECT_TIMEOUT);
        }
    }

    @Test
    void certificateOfAnUnknownAuthority() throws Exception {
        try (Simulator simulator = tls()) {
            assertSignal(Signal.TLS, TestPolicy.of(simulator.baseUrl()));
        }
    }

    @Test
    void certificateForAnotherHost() throws Exception {
        try (Simulator simulator = tls()) {
            TestPolicy policy =
                    TestPolicy.of("https://localhost:" + simulator.port()).ca(certificate.pem());
            assertSignal(Signal.TLS, policy);
        }
    }

    @Test
    void tlsToAServerThatSpeaksNone() throws Exception {
        try (Simulator simulator = Simulator.start(rig.vertx)) {
            assertSignal(Signal.TLS, TestPolicy.of("https://127.0.0.1:" + simulator.port()));
        }
    }

    @Test
    void serverThatWantsAClientCertificate() throws Exception {
        // With TLS 1.3 the refusal comes after the client's handshake is over, as an alert on the open connection.
        HttpServer server = rig.vertx
                .createHttpServer(new HttpServerOptions()
                        .setSsl(true)
                        .setKeyCertOptions(certificate.identity())
                        .setTrustOptions(new PemTrustOptions()
                                .addCertPath(certificate.pem().toString()))
                        .setClientAuth(ClientAuth.REQUIRED))
                .requestHandler(request -> request.response().end());
        server.listen(0, "127.0.0.1").toCompletionStage().toCompletableFuture().get(5, TimeUnit.SECONDS);
        try {
            assertSignal(
                    Signal.TLS,
                    TestPolicy.of("https://127.0.0.1:" + server.actualPort()).ca(certificate.pem()));
        } finally {
            server.close().toCompletionStage().toCompletableFuture().get(5, TimeUnit.SECONDS);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void resetBeforeTheHead(boolean http2) throws Exception {
        try (Simulator simulator = Simulator.start(rig.vertx)) {
            simulator.always(Script.begin().reset());
            assertSignal(Signal.RESET, clear(simulator, http2));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void cutInTheBody(boolean http2) throws Exception {
        try (Simulator simulator = Simulator.start(rig.vertx)) {
            simulator.always(
                    Script.begin().head(200, Headers.NONE).bytes("half").cut());
            assertSignal(Signal.RESET, clear(simulator, http2));
        }
    }

    @Test
    void cutInTheHead() throws Exception {
        assertSignal(Signal.RESET, answering("HTTP/1.1 200 OK\r\nContent-Ty"));
    }

    @Test
    void refusedStream() throws Exception {
        try (Simulator simulator = Simulator.start(rig.vertx)) {
            simulator.always(Script.begin().reset(Script.REFUSED_STREAM));
            assertSignal(Signal.RESET, clear(simulator, true));
        }
    }

    @Test
    void refusingGoAway() throws Exception {
        try (Simulator simulator = Simulator.start(rig.vertx)) {
            simulator.always(Script.begin().goAway(Script.NO_ERROR, true).hang());
            assertSignal(Signal.RESET, clear(simulator, true));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GARBAGE\r\n\r\n",
                "SSH-2.0-OpenSSH_9.6\r\n",
                "HTTP/1.1 banana OK\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
            })
    void answerThatIsNoHttp(String garbage) throws Exception {
        assertSignal(Signal.MALFORMED, answering(garbage));
    }

    @Test
    void answerWithHeadersBeyondTheLimit() throws Exception {
        assertSignal(Signal.MALFORMED, answering("HTTP/1.1 200 OK\r\nX: " + "x".repeat(70_000) + "\r\n\r\n"));
    }

    @Test
    void looksForTheMostTellingCause() {
        Throwable tls = new DecoderException(new SSLHandshakeException("certificate_required"));

        assertThat(TransportFailure.of(tls)).isEqualTo(Signal.TLS);
    }

    @Test
    void endsWithACycleOfCauses() {
        Exception outer = new Exception("outer");
        Exception inner = new Exception("inner", outer);
        outer.initCause(inner);

        assertThat(TransportFailure.of(outer)).isEqualTo(Signal.RESET);
    }

    @Test
    void repeatsNothingThatAPeerSent() throws Exception {
        Throwable failure =
                rig.failure(answering("HTTP/1.1 sk-leaked OK\r\n\r\n").upstream());

        assertThat(TransportFailure.describe(failure)).doesNotContain("sk-leaked");
    }

    private static void assertSignal(Signal signal, TestPolicy policy) throws Exception {
        Throwable failure = rig.failure(policy.upstream());

        assertThat(TransportFailure.of(failure)).as("%s", failure).isEqualTo(signal);
        assertThat(TransportFailure.describe(failure)).startsWith(signal.label());
    }

    private static Throwable failureWithin(TestPolicy policy, java.time.Duration connectTimeout) throws Exception {
        UpstreamRequest request = ConnectorRig.post();
        UpstreamRequest hasty = new UpstreamRequest(
                request.method(), request.path(), request.headers(), request.body(), null, connectTimeout);
        try {
            throw new AssertionError("no failure but " + rig.sent(rig.connector(policy.upstream()), hasty));
        } catch (java.util.concurrent.ExecutionException e) {
            return Objects.requireNonNull(e.getCause());
        }
    }

    private static TestPolicy clear(Simulator simulator, boolean http2) {
        return TestPolicy.of(simulator.baseUrl()).httpVersion(http2 ? HttpVersion.HTTP_2 : HttpVersion.HTTP_1_1);
    }

    private static Simulator tls() {
        return Simulator.start(rig.vertx, Simulator.Options.CLEAR.withCertificate(certificate.identity()));
    }

    /** A server that answers any first bytes like this, and closes. */
    private static TestPolicy answering(String bytes) throws Exception {
        NetServer server = rig.vertx
                .createNetServer()
                .connectHandler(socket -> socket.handler(request -> {
                    socket.write(io.vertx.core.buffer.Buffer.buffer(bytes.getBytes(ISO_8859_1)));
                    socket.end();
                }));
        server.listen(0, "127.0.0.1").toCompletionStage().toCompletableFuture().get(5, TimeUnit.SECONDS);
        return TestPolicy.of("http://127.0.0.1:" + server.actualPort());
    }

    private static int closedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
