package io.penstock.gateway;

import io.netty.handler.codec.http2.Http2Error;
import io.penstock.relay.ClientSide;
import io.penstock.relay.OwnAnswer;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The application's side of one exchange: its response, and whether it is still there. Sets each of Vert.x' single
 * handler slots once. Owned by one event loop.
 */
final class ClientExchange implements ClientSide {
    /** How long is still read of a request that was refused, so that its sender gets to see the answer. */
    private static final long LINGER_MILLIS = 2_000;

    /** How long the last words may take to get into the network, and how long the application then has to read them. */
    private static final long MAX_FAREWELL_MILLIS = 5_000;

    private static final long FAREWELL_MILLIS = 250;
    private static final long NO_TIMER = -1;
    private static final int UPGRADE_REQUIRED = 426;
    private static final int NO_CONTENT = 204;
    private static final int NOT_MODIFIED = 304;

    private final Vertx vertx;
    private final HttpServerRequest request;
    private final HttpServerResponse response;
    private Runnable gone = () -> {};
    private long farewell = NO_TIMER;
    private final BooleanSupplier draining;
    private @Nullable Runnable whenDone;
    private boolean left;
    private boolean done;

    /** @param draining whether connections are not to be kept any more */
    ClientExchange(Vertx vertx, HttpServerRequest request, BooleanSupplier draining) {
        this.vertx = vertx;
        this.request = request;
        this.draining = draining;
        this.response = request.response();
        // HTTP/2 tells of a reset stream by the exception handler. HTTP/1.1 tells of a closed connection by the close
        // handler; its exceptions may be the decoder's, with the client still there to be answered.
        if (request.version() == HttpVersion.HTTP_2) {
            response.exceptionHandler(failure -> leave());
        }
        response.closeHandler(closed -> leave());
    }

    /** Runs {@code task} when the application leaves before the end of the exchange; replaces the task before it. */
    void onGone(Runnable task) {
        gone = task;
    }

    /** Runs {@code task} once, when nothing more is to be sent, or at once where that is so already. */
    void whenDone(Runnable task) {
        if (done) {
            task.run();
        } else {
            whenDone = task;
        }
    }

    private void done() {
        done = true;
        Runnable task = whenDone;
        whenDone = null;
        if (task != null) {
            task.run();
        }
    }

    @Override
    public void head(int status, MultiMap headers) {
        response.setStatusCode(status);
        response.headers().addAll(HeaderRules.toClient(headers));
        if (draining.getAsBoolean() && request.version() != HttpVersion.HTTP_2) {
            response.putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        }
        boolean bodiless = HttpMethod.HEAD.equals(request.method()) || status == NO_CONTENT || status == NOT_MODIFIED;
        if (!bodiless && !headers.contains(HttpHeaders.CONTENT_LENGTH)) {
            response.setChunked(true);
        }
    }

    @Override
    public boolean write(Buffer chunk) {
        if (left || response.ended() || chunk.length() == 0) {
            return true;
        }
        response.write(chunk);
        return !response.writeQueueFull();
    }

    @Override
    public void onDrain(Runnable task) {
        response.drainHandler(drained -> {
            response.drainHandler(null);
            task.run();
        });
    }

    @Override
    public Future<Void> end(MultiMap trailers) {
        if (left || response.ended()) {
            return Future.succeededFuture();
        }
        if (!trailers.isEmpty()) {
            response.trailers().addAll(HeaderRules.toClient(trailers));
        }
        return response.end().onComplete(sent -> {
            if (draining.getAsBoolean() && request.version() != HttpVersion.HTTP_2) {
                // RFC 9112 §9.6: a server that said so closes the connection after its answer.
                request.connection().close();
            }
            done();
        });
    }

    /**
     * The application gets a moment to read the last words: some clients throw away what they have not read yet when their
     * connection breaks (WHATWG Streams, ReadableStreamDefaultControllerError). Many leave by themselves once they have.
     */
    @Override
    public void breakOff(Buffer lastWords) {
        if (lastWords.length() == 0 || left || response.ended()) {
            reset();
            return;
        }
        farewell = vertx.setTimer(MAX_FAREWELL_MILLIS, late -> reset());
        response.write(lastWords).onComplete(sent -> {
            if (vertx.cancelTimer(farewell) && !left) {
                farewell = vertx.setTimer(FAREWELL_MILLIS, late -> reset());
            }
        });
    }

    @Override
    public void reset() {
        if (!left && !response.ended()) {
            response.reset(Http2Error.INTERNAL_ERROR.code());
        }
        done();
    }

    /** Sends an answer of Penstock's own to a request that may not have been read to its end. */
    void refuse(OwnAnswer answer) {
        boolean upgrade = answer.status() == UPGRADE_REQUIRED;
        boolean read = !upgrade && (request.isEnded() || bodiless());
        boolean http1 = request.version() != HttpVersion.HTTP_2;
        head(answer.status(), answer.headers());
        if (!HeadChecks.endIsCertain(request)) {
            // Not ended: Vert.x would go on to what follows on the connection, and nobody knows where that begins.
            response.putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE)
                    .write(answer.body())
                    .onComplete(sent -> {
                        request.connection().close();
                        done();
                    });
            return;
        }
        if (upgrade && http1) {
            // RFC 9110 §15.5.22 wants the answer to name a protocol that would do.
            response.putHeader(HttpHeaders.CONNECTION, "upgrade, close").putHeader(HttpHeaders.UPGRADE, "HTTP/1.1");
        } else if (!read && http1) {
            response.putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        }
        write(answer.body());
        response.end().onComplete(sent -> {
            if (!read) {
                linger();
            }
            done();
        });
    }

    /** Whether the request ends with its head, so that there is nothing to read even if Vert.x has yet to say so. */
    private boolean bodiless() {
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        return request.version() != HttpVersion.HTTP_2
                && !request.decoderResult().isFailure()
                && !request.headers().contains(HttpHeaders.TRANSFER_ENCODING)
                && (length == null || length.strip().equals("0"));
    }

    /**
     * Goes on reading, and throwing away, for a moment. Closing at once would make the kernel reset the connection, and
     * the answer would be lost on its way.
     */
    private void linger() {
        if (request.version() == HttpVersion.HTTP_2) {
            // The whole answer has been sent; RFC 9113 §8.1 lets a server refuse the rest of the request like this.
            response.reset(Http2Error.NO_ERROR.code());
            return;
        }
        HttpConnection connection = request.connection();
        if (request.isEnded()) {
            connection.close();
            return;
        }
        long timer = vertx.setTimer(LINGER_MILLIS, late -> connection.close());
        connection.closeHandler(closed -> vertx.cancelTimer(timer));
        request.handler(ignored -> {});
        request.endHandler(end -> connection.close());
        request.resume();
    }

    private void leave() {
        if (!left) {
            left = true;
            vertx.cancelTimer(farewell);
            gone.run();
            done();
        }
    }
}
