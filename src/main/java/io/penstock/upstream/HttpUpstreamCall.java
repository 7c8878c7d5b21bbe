package io.penstock.upstream;

import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http2.Http2Error;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/** A call over a Vert.x client. */
final class HttpUpstreamCall implements UpstreamCall {
    /** The methods whose requests carry no Content-Length where they carry no content (RFC 9110 §8.6). */
    private static final Set<HttpMethod> BODILESS =
            Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.DELETE, HttpMethod.OPTIONS);

    private static final int OK = 200;

    private final HttpClient client;
    private final RequestOptions options;
    private Buffer body;

    private @Nullable HttpClientRequest request;
    private boolean reset;

    HttpUpstreamCall(HttpClient client, RequestOptions options, Buffer body) {
        this.client = client;
        this.options = options;
        this.body = body;
    }

    @Override
    public Future<UpstreamAnswer> send() {
        Context owner = Objects.requireNonNull(Vertx.currentContext(), "a call is made on an event loop");
        return client.request(options).compose(opened -> sendOn(opened, owner));
    }

    private Future<UpstreamAnswer> sendOn(HttpClientRequest opened, Context owner) {
        if (reset) {
            opened.reset(Http2Error.CANCEL.code());
            return Future.failedFuture(new CancellationException());
        }
        request = opened;
        // Without a handler of its own Vert.x logs what the response future reports anyway.
        opened.exceptionHandler(ignored -> {});
        boolean bodiless = body.length() == 0 && BODILESS.contains(opened.getMethod());
        if (!bodiless) {
            opened.putHeader(HttpHeaders.CONTENT_LENGTH, Integer.toString(body.length()));
        }
        // The answer is paused before its first chunk is handed out: Vert.x delivers head and body on one event loop.
        Future<UpstreamAnswer> answer = opened.response().compose(response -> judge(response, owner));
        if (bodiless) {
            opened.end();
        } else {
            opened.end(body);
            body = Buffer.buffer();
        }
        return answer;
    }

    /** An interim status cannot be the answer (RFC 9110 §15.2), and nobody asked for another protocol. */
    private Future<UpstreamAnswer> judge(HttpClientResponse response, Context owner) {
        UpstreamAnswer answer = new HttpUpstreamAnswer(response, owner);
        if (response.statusCode() < OK) {
            reset();
            return Future.failedFuture(new DecoderException("the answer has no final status"));
        }
        return Future.succeededFuture(answer);
    }

    @Override
    public void reset() {
        reset = true;
        if (request != null) {
            request.reset(Http2Error.CANCEL.code());
        }
    }
}
