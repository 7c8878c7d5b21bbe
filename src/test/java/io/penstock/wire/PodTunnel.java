package io.penstock.wire;

import io.penstock.injector.WebhookCertificate;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.NetSocket;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * The way from an API server into the pods' network, as a Konnectivity server is one: takes {@code CONNECT} to a pod's address and
 * port, and joins it to the process that stands for the pod.
 */
final class PodTunnel implements AutoCloseable {
    private final Vertx vertx = Vertx.vertx();
    private final Map<String, Integer> pods = new ConcurrentHashMap<>();
    private final WebhookCertificate certificate = WebhookCertificate.make("EC", "tunnel");
    private final HttpServer server;

    PodTunnel() throws Exception {
        server = vertx.createHttpServer(certificate.serving())
                .requestHandler(this::join)
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
    }

    int port() {
        return server.actualPort();
    }

    /** By which the API server knows it. */
    WebhookCertificate certificate() {
        return certificate;
    }

    /** @param address a pod's, with the port of its container */
    void open(String address, int port) {
        pods.put(address, port);
    }

    void close(String address) {
        pods.remove(address);
    }

    @Override
    public void close() {
        vertx.close()
                .toCompletionStage()
                .toCompletableFuture()
                .orTimeout(10, TimeUnit.SECONDS)
                .join();
    }

    private void join(HttpServerRequest request) {
        Integer port = pods.get(request.uri());
        if (port == null || !HttpMethod.CONNECT.equals(request.method())) {
            request.response().setStatusCode(502).end();
            return;
        }
        vertx.createNetClient()
                .connect(port, "127.0.0.1")
                .onFailure(failure -> request.response().setStatusCode(502).end())
                .onSuccess(to -> request.toNetSocket().onSuccess(from -> {
                    end(from, to);
                    end(to, from);
                }));
    }

    private static void end(NetSocket from, NetSocket to) {
        from.pipeTo(to).onComplete(end -> to.close());
    }
}
