package io.penstock.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.gateway.BoundedBody.Reading;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BoundedBodyTest {
    private static final int CAP = 100_000;

    private final BlockingQueue<Reading> readings = new LinkedBlockingQueue<>();
    private final BlockingQueue<Boolean> closed = new LinkedBlockingQueue<>();
    private final BodyMemory memory = new BodyMemory(2 * CAP);
    private final AtomicInteger chunks = new AtomicInteger();
    private Vertx vertx;
    private HttpServer server;

    @BeforeEach
    void start() throws Exception {
        vertx = Vertx.vertx();
        server = vertx.createHttpServer()
                .connectionHandler(connection -> connection.closeHandler(x -> closed.add(true)))
                .requestHandler(request ->
                        BoundedBody.read(request, CAP, memory.share(), chunks::incrementAndGet, readings::add))
                .invalidRequestHandler(request -> {});
        server.listen(0, InetAddress.getLoopbackAddress().getHostAddress())
                .toCompletionStage()
                .toCompletableFuture()
                .get(5, TimeUnit.SECONDS);
    }

    @AfterEach
    void stop() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @ParameterizedTest
    @CsvSource({"0, true", "1, true", "100000, true", "100001, false", "1000000, false"})
    void countsWhatIsAnnounced(int length, boolean whole) throws Exception {
        try (Socket client = connect()) {
            send(client, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: " + length + "\r\n\r\n" + "x".repeat(length));

            assertReading(length, whole);
        }
    }

    @ParameterizedTest
    @CsvSource({"1, true", "100000, true", "100001, false", "1000000, false"})
    void countsChunks(int length, boolean whole) throws Exception {
        try (Socket client = connect()) {
            StringBuilder request =
                    new StringBuilder("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
            for (int left = length; left > 0; left -= 999) {
                int size = Math.min(999, left);
                request.append(Integer.toHexString(size))
                        .append("\r\n")
                        .append("x".repeat(size))
                        .append("\r\n");
            }
            send(client, request + "0\r\n\r\n");

            assertReading(length, whole);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 10\r\n\r\nhalf", "Transfer-Encoding: chunked\r\n\r\n5\r\nhalf"})
    void leavesItToTheExchangeToTellOfAClientThatLeft(String rest) throws Exception {
        try (Socket client = connect()) {
            send(client, "POST / HTTP/1.1\r\nHost: x\r\n" + rest);
        }

        assertThat(closed.poll(5, TimeUnit.SECONDS)).isNotNull();
        assertThat(readings).isEmpty();
    }

    @Test
    void tellsOfABodyThatIsFramedBadly() throws Exception {
        try (Socket client = connect()) {
            send(client, "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\nzz\r\n");

            assertThat(readings.poll(5, TimeUnit.SECONDS)).isInstanceOf(Reading.Broken.class);
        }
    }

    @Test
    void givesUpWhereOtherBodiesLeaveNoRoom() throws Exception {
        BodyMemory.Share others = memory.share();
        assertThat(others.grow(2 * CAP - 10)).isTrue();
        try (Socket client = connect()) {
            send(client, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 11\r\n\r\n" + "x".repeat(11));

            assertThat(readings.poll(5, TimeUnit.SECONDS)).isEqualTo(new Reading.NoRoom(11));
        }
    }

    private void assertReading(int length, boolean whole) throws InterruptedException {
        Reading reading = readings.poll(5, TimeUnit.SECONDS);
        if (whole) {
            assertThat(reading).isInstanceOfSatisfying(Reading.Whole.class, read -> assertThat(
                            read.body().length())
                    .isEqualTo(length));
            assertThat(chunks.get() > 0).isEqualTo(length > 0);
        } else {
            assertThat(reading).isInstanceOfSatisfying(Reading.TooLarge.class, read -> assertThat(read.bytes())
                    .isGreaterThan(CAP));
        }
        assertThat(readings).as("told once").isEmpty();
    }

    private Socket connect() throws IOException {
        return new Socket(InetAddress.getLoopbackAddress(), server.actualPort());
    }

    private static void send(Socket client, String text) throws IOException {
        client.getOutputStream().write(text.getBytes(ISO_8859_1));
        client.getOutputStream().flush();
    }
}
