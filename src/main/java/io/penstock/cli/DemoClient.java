package io.penstock.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

/**
 * The application of the demo, and the operator who looks at what was recorded. Blocking. It speaks through the client
 * that the gateway has anyway: the JDK's would make the native executable 2 MB larger.
 */
final class DemoClient {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration RECORD_DEADLINE = Duration.ofSeconds(3);
    private static final Duration RECORD_POLL = Duration.ofMillis(10);

    /** Every request has a connection of its own: one from a pool may be closed just as it is asked. */
    private final HttpClient http;

    private final Vertx vertx;
    private final ObjectMapper json = new ObjectMapper();
    private final String gateway;
    private final String management;

    /** An answer, read as far as it came. */
    private record Answer(int status, Map<String, String> headers, String body, boolean broken) {}

    DemoClient(Vertx vertx, String gateway, String management) {
        this.vertx = vertx;
        this.http = vertx.createHttpClient(
                new HttpClientOptions().setKeepAlive(false).setConnectTimeout(5_000));
        this.gateway = gateway;
        this.management = management;
    }

    DemoSeen ask(DemoScenario scenario) throws IOException, InterruptedException {
        Thread.sleep(scenario.pause().toMillis());
        DemoDialect dialect = scenario.dialect();
        RequestOptions request = new RequestOptions()
                .setMethod(HttpMethod.POST)
                .setAbsoluteURI(gateway + "/" + scenario.route() + dialect.path(scenario.model(), scenario.stream()))
                .putHeader("content-type", "application/json")
                .putHeader("user-agent", "penstock-demo");
        dialect.credential(scenario.key()).forEach(request::putHeader);
        long start = System.nanoTime();
        Answer answer = exchange(request, Buffer.buffer(dialect.body(scenario.model(), scenario.stream())));
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        return new DemoSeen(
                answer.status(),
                answer.headers(),
                DemoSeen.Answer.of(dialect, scenario.stream(), answer.status(), answer.body(), answer.broken()),
                answer.body(),
                took);
    }

    /** The record of an interception, which comes a moment after the answer; empty where it does not come. */
    Optional<DemoRecord> record(String id) throws IOException, InterruptedException {
        String uri = gateway + "/penstock/v1/interceptions/" + id;
        long start = System.nanoTime();
        while (System.nanoTime() - start < RECORD_DEADLINE.toNanos()) {
            Answer answer = get(uri);
            if (answer.status() == 200) {
                return Optional.of(DemoRecord.of(json.readTree(answer.body())));
            }
            Thread.sleep(RECORD_POLL.toMillis());
        }
        return Optional.empty();
    }

    /** What Prometheus would scrape. */
    String metrics() throws IOException, InterruptedException {
        return get(management + "/metrics").body();
    }

    private Answer get(String uri) throws IOException, InterruptedException {
        return exchange(new RequestOptions().setMethod(HttpMethod.GET).setAbsoluteURI(uri), Buffer.buffer());
    }

    /** On an event loop, so that nothing of an answer comes before the handlers for it are set. */
    private Answer exchange(RequestOptions options, Buffer body) throws IOException, InterruptedException {
        Promise<Answer> answer = Promise.promise();
        vertx.getOrCreateContext().runOnContext(begin -> http.request(options)
                .compose(request -> request.send(body))
                .compose(DemoClient::read)
                .onComplete(answer));
        try {
            return answer.future()
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException("no answer to " + options.getMethod() + " " + options.getURI() + ": " + e, e);
        }
    }

    private static Future<Answer> read(HttpClientResponse response) {
        Promise<Answer> answer = Promise.promise();
        Buffer body = Buffer.buffer();
        response.handler(body::appendBuffer);
        response.endHandler(end -> answer.tryComplete(answer(response, body, false)));
        response.exceptionHandler(cut -> answer.tryComplete(answer(response, body, true)));
        return answer.future();
    }

    private static Answer answer(HttpClientResponse response, Buffer body, boolean broken) {
        Map<String, String> headers = response.headers().entries().stream()
                .collect(Collectors.toMap(
                        header -> header.getKey().toLowerCase(Locale.ROOT),
                        Map.Entry::getValue,
                        (one, other) -> one + ", " + other));
        return new Answer(response.statusCode(), headers, body.toString(), broken);
    }
}
