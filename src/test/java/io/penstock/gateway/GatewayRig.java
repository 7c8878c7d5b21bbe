package io.penstock.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.penstock.admin.ServingState;
import io.penstock.policy.Role;
import io.penstock.policy.RoutePolicy;
import io.penstock.record.Interception;
import io.penstock.record.InterceptionIds;
import io.penstock.record.Recorder;
import io.penstock.record.Recordings;
import io.penstock.simulator.Simulator;
import io.penstock.telemetry.LiveTraffic;
import io.penstock.upstream.TestPolicy;
import io.penstock.upstream.Upstreams;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** The data plane as it runs, without Quarkus around it, in front of a simulated provider. */
final class GatewayRig implements AutoCloseable {
    static final int CAP = 1_000_000;

    final Vertx vertx = Vertx.vertx();
    final Simulator provider = Simulator.start(vertx);
    final LiveTraffic traffic = new LiveTraffic();
    final int port;
    final Drain drain;
    private final BlockingQueue<Interception> records = new LinkedBlockingQueue<>();

    private GatewayRig(Function<Simulator, TestPolicy> policy, Function<TestPolicy, RoutePolicy> route)
            throws IOException {
        this(policy, route, Duration.ofSeconds(30));
    }

    private GatewayRig(
            Function<Simulator, TestPolicy> policy, Function<TestPolicy, RoutePolicy> route, Duration drainTime)
            throws IOException {
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        TestPolicy settled = policy.apply(provider);
        TestPolicy.Source source = new TestPolicy.Source(settled.policy("test", route.apply(settled)));
        Router router = Router.router(vertx);
        Recorder recorder = Recordings.to(records::add);
        drain = new Drain(vertx, new ServingState(), recorder, drainTime);
        GatewayRoutes routes = new GatewayRoutes(
                vertx, new InterceptionIds(), new Upstreams(vertx, source, List.of()), recorder, traffic, drain);
        routes.mount(router);
        new GatewayServer(vertx, router, routes, "127.0.0.1", port, 0, "test", false, Role.GATEWAY)
                .start(new StartupEvent());
    }

    static GatewayRig start() throws IOException {
        return start(provider -> TestPolicy.of(provider.baseUrl()));
    }

    static GatewayRig start(Function<Simulator, TestPolicy> policy) throws IOException {
        return new GatewayRig(policy, settled -> settled.route(CAP, null, List.of()));
    }

    static GatewayRig startWithRoute(Function<TestPolicy, RoutePolicy> route) throws IOException {
        return new GatewayRig(provider -> TestPolicy.of(provider.baseUrl()), route);
    }

    /** One that gives what is under way this long when it is told to stop. */
    static GatewayRig startDraining(Duration drainTime) throws IOException {
        return new GatewayRig(
                provider -> TestPolicy.of(provider.baseUrl()),
                settled -> settled.route(CAP, null, List.of()),
                drainTime);
    }

    /** In front of a provider that answers the first bytes of any connection like this, and closes. */
    static GatewayRig inFrontOf(byte[] answer) throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        GatewayRig rig = start(provider -> TestPolicy.of("http://127.0.0.1:" + port));
        rig.vertx
                .createNetServer()
                .connectHandler(socket -> socket.handler(request -> {
                    socket.write(Buffer.buffer(answer));
                    socket.end();
                }))
                .listen(port, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .join();
        return rig;
    }

    /** The next record, which comes when an interception has ended. */
    Interception record() throws InterruptedException {
        Interception record = records.poll(10, TimeUnit.SECONDS);
        if (record == null) {
            throw new AssertionError("no interception ended");
        }
        return record;
    }

    int inFlight() {
        return traffic.inFlight("openai").get();
    }

    Client connect() throws IOException {
        return new Client(new Socket(InetAddress.getLoopbackAddress(), port));
    }

    /** A client that sends and reads bytes. */
    record Client(Socket socket) implements AutoCloseable {
        Client {
            try {
                socket.setSoTimeout(10_000);
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }

        Client send(String bytes) throws IOException {
            socket.getOutputStream().write(bytes.getBytes(ISO_8859_1));
            socket.getOutputStream().flush();
            return this;
        }

        /** Reads until {@code end} has come. */
        String readUntil(String end) throws IOException {
            StringBuilder text = new StringBuilder();
            while (text.indexOf(end) < 0) {
                int next = socket.getInputStream().read();
                if (next < 0) {
                    throw new AssertionError("the connection ended behind: " + text);
                }
                text.append((char) next);
            }
            return text.toString();
        }

        /** An answer's head, and its body by its Content-Length. */
        String readAnswer() throws IOException {
            String head = readUntil("\r\n\r\n");
            var length = java.util.regex.Pattern.compile("(?i)\r\ncontent-length: (\\d+)")
                    .matcher(head);
            return length.find()
                    ? head
                            + new String(
                                    socket.getInputStream().readNBytes(Integer.parseInt(length.group(1))), ISO_8859_1)
                    : head;
        }

        /** Everything until the other side closes. */
        String readToEnd() throws IOException {
            return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    @Override
    public void close() {
        provider.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
