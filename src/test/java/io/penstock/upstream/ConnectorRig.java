package io.penstock.upstream;

import io.penstock.policy.UpstreamPolicy;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Connectors, used from an event loop as the relay uses them. */
final class ConnectorRig implements AutoCloseable {
    private static final int SECONDS = 10;

    final Vertx vertx = Vertx.vertx();
    private final List<Connector> connectors = new ArrayList<>();

    Connector connector(UpstreamPolicy policy) {
        Connector connector = new HttpConnector(vertx, policy);
        connectors.add(connector);
        return connector;
    }

    static UpstreamRequest post(MultiMap headers, @Nullable ApiKey key) {
        return new UpstreamRequest(
                HttpMethod.POST, "/v1/chat/completions", headers, Buffer.buffer("{}"), key, Duration.ofSeconds(5));
    }

    static UpstreamRequest post() {
        return post(HttpHeaders.headers(), null);
    }

    /** Sends on an event loop; succeeds with the answer and its whole body. */
    CompletableFuture<Answered> send(Connector connector, UpstreamRequest request) {
        Promise<Answered> answered = Promise.promise();
        vertx.runOnContext(
                x -> connector.open(request).send().compose(ConnectorRig::whole).onComplete(answered));
        return answered.future().toCompletionStage().toCompletableFuture();
    }

    Answered sent(Connector connector, UpstreamRequest request)
            throws ExecutionException, InterruptedException, TimeoutException {
        return send(connector, request).get(SECONDS, TimeUnit.SECONDS);
    }

    /** What sending, or reading the answer, fails with. */
    Throwable failure(UpstreamPolicy policy) throws InterruptedException, TimeoutException {
        try {
            Answered answer = send(connector(policy), post()).get(SECONDS, TimeUnit.SECONDS);
            throw new AssertionError("no failure but " + answer);
        } catch (ExecutionException e) {
            return Objects.requireNonNull(e.getCause());
        }
    }

    record Answered(int status, MultiMap headers, Buffer body) {}

    private static Future<Answered> whole(UpstreamAnswer answer) {
        Promise<Answered> whole = Promise.promise();
        Buffer body = Buffer.buffer();
        answer.read(
                body::appendBuffer,
                end -> whole.complete(new Answered(answer.status(), answer.headers(), body)),
                whole::tryFail);
        return whole.future();
    }

    @Override
    public void close() {
        connectors.forEach(Connector::close);
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
