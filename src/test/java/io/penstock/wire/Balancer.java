package io.penstock.wire;

import io.vertx.core.Vertx;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** One address for several servers, as a Service is: connections go to them in turn. */
final class Balancer implements AutoCloseable {
    private final Vertx vertx = Vertx.vertx();
    private final AtomicInteger next = new AtomicInteger();
    private final NetServer server;

    Balancer(List<Integer> ports) throws Exception {
        this("127.0.0.1", 0, ports);
    }

    Balancer(String host, int port, List<Integer> ports) throws Exception {
        server = vertx.createNetServer()
                .connectHandler(socket -> forward(socket, ports.get(next.getAndIncrement() % ports.size())))
                .listen(port, host)
                .toCompletionStage()
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
    }

    int port() {
        return server.actualPort();
    }

    @Override
    public void close() {
        vertx.close()
                .toCompletionStage()
                .toCompletableFuture()
                .orTimeout(10, TimeUnit.SECONDS)
                .join();
    }

    private void forward(NetSocket socket, int port) {
        socket.pause();
        vertx.createNetClient()
                .connect(port, "127.0.0.1")
                .onFailure(failure -> socket.close())
                .onSuccess(to -> {
                    var up = socket.pipeTo(to);
                    var down = to.pipeTo(socket);
                    up.onComplete(end -> to.close());
                    down.onComplete(end -> socket.close());
                    socket.resume();
                });
    }
}
