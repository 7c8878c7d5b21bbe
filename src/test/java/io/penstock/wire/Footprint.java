package io.penstock.wire;

import static org.awaitility.Awaitility.await;

import io.penstock.simulator.Headers;
import io.penstock.simulator.Script;
import io.penstock.simulator.Simulator;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * Measures what docs/native.md says of the packaged program: size, start, memory, processor time. Linux only. Run by hand,
 * since a number taken on a busy machine proves nothing; the command stands in that document.
 */
final class Footprint {
    private static final int STARTS = 20;
    private static final int STREAMS = 1_000;
    private static final int REQUESTS = 20_000;
    private static final int AT_ONCE = 32;
    private static final Duration QUIET = Duration.ofSeconds(5);
    private static final String BODY = "{\"model\":\"gpt-5\",\"stream\":true,\"messages\":[]}";
    private static final String EVENT = "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"word \"}}]}\n\n";
    /** The kernel counts processor time in hundredths of a second for user space, whatever its own tick is. */
    private static final double TICKS_PER_SECOND = 100.0;

    private final Simulator provider;
    private final HttpClient client;
    private final Path policy;

    private static final byte[] READY_QUESTION =
            "GET /health/ready HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
                    .getBytes(StandardCharsets.US_ASCII);
    private static final String READY_ANSWER = "HTTP/1.1 200";

    private Footprint(Vertx vertx, Simulator provider, Path policy) {
        this.provider = provider;
        this.client = vertx.createHttpClient(new HttpClientOptions().setMaxPoolSize(STREAMS));
        this.policy = policy;
    }

    public static void main(String... args) throws Exception {
        Vertx vertx = Vertx.vertx();
        Path policy = Files.createTempFile("penstock", ".yaml");
        try (Simulator provider = Simulator.start(vertx)) {
            String wide = "limits: {connections: " + STREAMS + ", pending: " + STREAMS + "}";
            Files.writeString(policy, Rig.policy(provider.baseUrl()).replaceAll("limits: \\{.*}", wide));
            new Footprint(vertx, provider, policy).measure();
        } finally {
            Files.delete(policy);
            vertx.close();
        }
    }

    private void measure() throws Exception {
        say("program", PenstockProcess.isNative() ? "native" : "JVM " + Runtime.version());
        say("size, bytes", String.valueOf(size(PenstockProcess.packaged())));
        say("start to ready, median of " + STARTS + ", ms", "%.1f".formatted(medianStart()));
        try (PenstockProcess penstock = PenstockProcess.serve(policy)) {
            rest();
            say("idle", memory(penstock));
            openStreams(penstock);
            rest();
            say(STREAMS + " open streams", memory(penstock));
        }
        try (PenstockProcess penstock = PenstockProcess.serve(policy)) {
            provider.always(Script.begin()
                    .head(200, Headers.of("content-type", "text/event-stream"))
                    .bytes(EVENT.repeat(20) + "data: [DONE]\n\n")
                    .end());
            // Once to warm up: a JVM compiles while it works.
            relay(penstock);
            double before = processorSeconds(penstock);
            relay(penstock);
            double each = (processorSeconds(penstock) - before) / REQUESTS;
            say("processor time for a stream of 20 events, µs", "%.0f".formatted(each * 1e6));
            rest();
            say("after " + 2 * REQUESTS + " requests", memory(penstock));
        }
    }

    private double medianStart() throws Exception {
        List<Double> starts = new ArrayList<>();
        for (int i = 0; i < STARTS; i++) {
            long begun = System.nanoTime();
            try (PenstockProcess penstock = PenstockProcess.start(policy)) {
                while (!ready(penstock.managementPort())) {
                    LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
                }
                starts.add((System.nanoTime() - begun) / 1e6);
                penstock.stop();
            }
        }
        starts.sort(null);
        return (starts.get(STARTS / 2 - 1) + starts.get(STARTS / 2)) / 2;
    }

    /** By a bare socket: an HTTP client's own work would be a good part of what is measured. */
    private static boolean ready(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.getOutputStream().write(READY_QUESTION);
            return new String(socket.getInputStream().readNBytes(READY_ANSWER.length()), StandardCharsets.US_ASCII)
                    .equals(READY_ANSWER);
        } catch (IOException notYet) {
            return false;
        }
    }

    /** Each gets an event now and one every other second, as an answer that takes its time. */
    private void openStreams(PenstockProcess penstock) throws Exception {
        provider.always(Script.begin()
                .head(200, Headers.of("content-type", "text/event-stream"))
                .bytes(EVENT)
                .repeatForEver(EVENT, Duration.ofSeconds(2)));
        for (int i = 0; i < STREAMS; i++) {
            var unused = request(penstock).onSuccess(request -> request.send(BODY));
        }
        await().atMost(Duration.ofMinutes(1))
                .until(() ->
                        Metrics.parse(penstock.getManagement("/metrics").body()).sum("penstock_open_streams")
                                == STREAMS);
    }

    private void relay(PenstockProcess penstock) throws InterruptedException {
        Semaphore free = new Semaphore(AT_ONCE);
        for (int i = 0; i < REQUESTS; i++) {
            free.acquire();
            var unused = request(penstock)
                    .compose(request -> request.send(BODY))
                    .compose(HttpClientResponse::body)
                    .onComplete(answered -> free.release());
        }
        free.acquire(AT_ONCE);
    }

    private Future<HttpClientRequest> request(PenstockProcess penstock) {
        return client.request(HttpMethod.POST, penstock.port(), "127.0.0.1", "/openai/v1/chat/completions");
    }

    private static void rest() {
        await().pollDelay(QUIET).atMost(QUIET.multipliedBy(2)).until(() -> true);
    }

    /** Resident pages: all of them, and those of no file, which no other process can share. */
    private static String memory(PenstockProcess penstock) throws IOException {
        Path status = Path.of("/proc", String.valueOf(penstock.pid()), "status");
        return "resident %.1f MiB, private %.1f MiB, threads %d"
                .formatted(
                        value(status, "VmRSS") / 1024.0, value(status, "RssAnon") / 1024.0, value(status, "Threads"));
    }

    private static long value(Path status, String name) throws IOException {
        try (Stream<String> lines = Files.lines(status)) {
            return lines.filter(line -> line.startsWith(name + ":"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                    .findFirst()
                    .orElseThrow();
        }
    }

    /** User and system time, the 14th and 15th field; the second is a name in brackets. */
    private static double processorSeconds(PenstockProcess penstock) throws IOException {
        String stat = Files.readString(Path.of("/proc", String.valueOf(penstock.pid()), "stat"));
        List<String> fields = List.of(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1));
        return (Long.parseLong(fields.get(11)) + Long.parseLong(fields.get(12))) / TICKS_PER_SECOND;
    }

    private static long size(Path packaged) throws IOException {
        try (Stream<Path> files = Files.walk(packaged)) {
            return files.filter(Files::isRegularFile)
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        }
    }

    private static void say(String what, String value) {
        System.out.printf(Locale.ROOT, "%-45s %s%n", what, value);
    }
}
