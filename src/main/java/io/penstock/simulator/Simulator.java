package io.penstock.simulator;

import io.vertx.core.Vertx;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.KeyCertOptions;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A provider of models that does as it is told: an HTTP server whose every answer is a {@link Script}. Without any, it
 * is a {@link HealthyProvider}.
 *
 * <p>Thread-safe. Serves on one event loop of the {@link Vertx} it is given. {@link #start} and {@link #close} block and
 * must not be called on an event loop.
 */
public final class Simulator implements AutoCloseable {
    private static final int REMEMBERED = 10_000;
    private static final int MAX_CONCURRENT_STREAMS = 4_096;

    private final Vertx vertx;
    private final Options options;
    private final HttpServer server;
    private final ScriptBook scripts = new ScriptBook();
    private final AtomicLong numbers = new AtomicLong();
    private final Deque<Exchange> exchanges = new ArrayDeque<>();
    private final Set<Exchange> open = ConcurrentHashMap.newKeySet();
    private final Set<HttpConnection> connections = ConcurrentHashMap.newKeySet();

    /**
     * How a simulator listens.
     *
     * @param port 0 for a free one
     * @param certificate for TLS, or null for clear text
     * @param http2 whether HTTP/2 is spoken beside HTTP/1.1: over TLS by ALPN, in the clear by prior knowledge or upgrade
     */
    public record Options(String host, int port, @Nullable KeyCertOptions certificate, boolean http2) {
        public static final Options CLEAR = new Options("127.0.0.1", 0, null, true);

        public Options withCertificate(KeyCertOptions certificate) {
            return new Options(host, port, certificate, http2);
        }

        public Options withoutHttp2() {
            return new Options(host, port, certificate, false);
        }
    }

    private Simulator(Vertx vertx, Options options) {
        this.vertx = vertx;
        this.options = options;
        this.server = vertx.createHttpServer(serverOptions(options))
                .connectionHandler(this::connected)
                .requestHandler(this::serve);
    }

    public static Simulator start(Vertx vertx) {
        return start(vertx, Options.CLEAR);
    }

    public static Simulator start(Vertx vertx, Options options) {
        Simulator simulator = new Simulator(vertx, options);
        await(simulator
                .server
                .listen(options.port(), options.host())
                .toCompletionStage()
                .toCompletableFuture());
        return simulator;
    }

    /** Answers the next exchanges, one each, before anything else is asked. */
    public Simulator enqueue(Provider... next) {
        scripts.enqueue(next);
        return this;
    }

    /** Answers exchanges like these; of several rules the first that fits is taken. */
    public Simulator when(Predicate<Exchange> like, Provider provider) {
        scripts.when(like, provider);
        return this;
    }

    /** Answers all other exchanges. */
    public Simulator always(Provider provider) {
        scripts.always(provider);
        return this;
    }

    /** Forgets all scripts and exchanges, and is a healthy provider again. */
    public void forget() {
        scripts.clear();
        synchronized (exchanges) {
            exchanges.clear();
        }
    }

    public int port() {
        return server.actualPort();
    }

    public String baseUrl() {
        return (options.certificate() == null ? "http://" : "https://") + options.host() + ":" + port();
    }

    /** The exchanges so far, the oldest first; of very many only the newest are kept. */
    public List<Exchange> exchanges() {
        synchronized (exchanges) {
            return new ArrayList<>(exchanges);
        }
    }

    /** How many exchanges have begun and not ended. */
    public int openExchanges() {
        return open.size();
    }

    public int openConnections() {
        return connections.size();
    }

    /** Breaks off what is under way and frees the port. */
    @Override
    public void close() {
        connections.forEach(Wire::sever);
        await(server.close().toCompletionStage().toCompletableFuture());
    }

    private void connected(HttpConnection connection) {
        connections.add(connection);
        connection.closeHandler(x -> connections.remove(connection));
    }

    private void serve(HttpServerRequest request) {
        Exchange exchange = arrived(request);
        Wire wire = new Wire(vertx, request, exchange);
        request.response().exceptionHandler(gone -> wire.abandon());
        request.response().closeHandler(gone -> wire.abandon());
        request.exceptionHandler(gone -> wire.abandon());
        request.handler(exchange::received);
        request.endHandler(x -> wire.play(scriptFor(exchange)));
    }

    private Script scriptFor(Exchange exchange) {
        try {
            return scripts.next(exchange).answer(exchange);
        } catch (RuntimeException e) {
            return Script.answer(500, Headers.of("content-type", "text/plain"), "the simulator's script failed: " + e);
        }
    }

    private Exchange arrived(HttpServerRequest request) {
        List<Headers.Field> fields = new ArrayList<>();
        request.headers().forEach((name, value) -> fields.add(new Headers.Field(name, value)));
        Exchange exchange = new Exchange(
                numbers.incrementAndGet(),
                request.method().name(),
                request.uri(),
                request.version(),
                new Headers(fields));
        synchronized (exchanges) {
            exchanges.addLast(exchange);
            if (exchanges.size() > REMEMBERED) {
                exchanges.removeFirst();
            }
        }
        open.add(exchange);
        var unused = exchange.ending().thenRun(() -> open.remove(exchange));
        return exchange;
    }

    private static HttpServerOptions serverOptions(Options options) {
        HttpServerOptions server = new HttpServerOptions()
                .setMaxHeaderSize(256 * 1024)
                .setMaxInitialLineLength(64 * 1024)
                .setAcceptBacklog(1_024)
                .setHandle100ContinueAutomatically(true)
                .setHttp2ClearTextEnabled(options.http2())
                // A gateway under test may reset as many streams as it likes.
                .setHttp2RstFloodMaxRstFramePerWindow(Integer.MAX_VALUE)
                .setInitialSettings(new Http2Settings().setMaxConcurrentStreams(MAX_CONCURRENT_STREAMS));
        if (options.certificate() != null) {
            server.setSsl(true).setKeyCertOptions(options.certificate()).setUseAlpn(options.http2());
        }
        return server;
    }

    private static <T> void await(CompletableFuture<T> done) {
        try {
            done.orTimeout(10, TimeUnit.SECONDS).join();
        } catch (CompletionException e) {
            throw new IllegalStateException("the simulator cannot start or stop", e.getCause());
        }
    }
}
