package io.penstock.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.policy.UpstreamPolicy.HttpVersion;
import io.vertx.core.AbstractVerticle;
import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A connection that one event loop opened and that serves a call of another. */
class SharedConnectionTest {
    private static final int SECONDS = 10;
    private static final String EMPTY = "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n";
    private static final String BEGUN = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nHi\r\n";

    private final ConnectorRig rig = new ConnectorRig();
    /** The connection of each request that came. */
    private final BlockingQueue<NetSocket> requests = new LinkedBlockingQueue<>();

    private Connector connector;

    @BeforeEach
    void start() throws Exception {
        NetServer server = rig.vertx
                .createNetServer(new NetServerOptions().setSoLinger(0))
                .connectHandler(socket -> socket.handler(request -> requests.add(socket)))
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get(SECONDS, TimeUnit.SECONDS);
        connector = rig.connector(TestPolicy.of("http://127.0.0.1:" + server.actualPort())
                .httpVersion(HttpVersion.HTTP_1_1)
                .limits(1, 1)
                .upstream());
    }

    @AfterEach
    void stop() {
        rig.close();
    }

    @Test
    void tellsTheCallsEventLoopWhenTheConnectionIsReset() throws Exception {
        assertThat(tellsItsOwnLoop(NetSocket::close)).isTrue();
    }

    @Test
    void tellsTheCallsEventLoopWhenTheAnswerIsMalformed() throws Exception {
        assertThat(tellsItsOwnLoop(socket -> socket.write("no size\r\n"))).isTrue();
    }

    private boolean tellsItsOwnLoop(Consumer<NetSocket> ending) throws Exception {
        Context opener = loop();
        Context user = loop();
        assertThat(thread(opener)).isNotEqualTo(thread(user));
        CompletableFuture<Thread> first = told(opener, new CompletableFuture<>());
        NetSocket connection = arrived();
        connection.write(EMPTY);
        first.get(SECONDS, TimeUnit.SECONDS);

        CompletableFuture<Buffer> chunk = new CompletableFuture<>();
        CompletableFuture<Thread> told = told(user, chunk);
        assertThat(arrived()).isSameAs(connection);
        connection.write(BEGUN);
        assertThat(chunk.get(SECONDS, TimeUnit.SECONDS)).hasToString("Hi");
        ending.accept(connection);

        return told.get(SECONDS, TimeUnit.SECONDS).equals(thread(user));
    }

    private NetSocket arrived() throws InterruptedException {
        NetSocket socket = requests.poll(SECONDS, TimeUnit.SECONDS);
        assertThat(socket).isNotNull();
        return socket;
    }

    /** Sends from this event loop; the thread that is told of the answer's end. */
    private CompletableFuture<Thread> told(Context loop, CompletableFuture<Buffer> chunk) {
        CompletableFuture<Thread> told = new CompletableFuture<>();
        loop.runOnContext(x -> connector
                .open(ConnectorRig.post())
                .send()
                .onSuccess(answer -> answer.read(
                        chunk::complete,
                        end -> told.complete(Thread.currentThread()),
                        failure -> told.complete(Thread.currentThread())))
                .onFailure(told::completeExceptionally));
        return told;
    }

    private Context loop() throws Exception {
        CompletableFuture<Context> loop = new CompletableFuture<>();
        rig.vertx.deployVerticle(new AbstractVerticle() {
            @Override
            public void start() {
                loop.complete(context);
            }
        });
        return loop.get(SECONDS, TimeUnit.SECONDS);
    }

    private static Thread thread(Context loop) throws Exception {
        CompletableFuture<Thread> thread = new CompletableFuture<>();
        loop.runOnContext(x -> thread.complete(Thread.currentThread()));
        return thread.get(SECONDS, TimeUnit.SECONDS);
    }
}
