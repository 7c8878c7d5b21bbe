package io.penstock.simulator;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.impl.ConnectionBase;
import java.time.Duration;
import java.util.Iterator;

/**
 * The line on which one exchange is answered. Every write completes when the network has taken it, which is the
 * back-pressure. Confined to the connection's event loop.
 */
final class Wire {
    private static final int SLICE = 64 * 1024;
    private static final long NO_TIMER = -1;

    private final Vertx vertx;
    private final HttpServerRequest request;
    private final HttpServerResponse response;
    private final Exchange exchange;
    private long timer = NO_TIMER;
    private boolean ended;

    Wire(Vertx vertx, HttpServerRequest request, Exchange exchange) {
        this.vertx = vertx;
        this.request = request;
        this.response = request.response();
        this.exchange = exchange;
    }

    void play(Script script) {
        InTurn.each(script.steps().iterator(), step -> exchange.over() ? hang() : step.play(this))
                .onFailure(lost -> abandon());
    }

    /** The other side has gone, or the simulator closes: nothing more is done. */
    void abandon() {
        if (!ended) {
            over(Ending.How.ABANDONED);
        }
    }

    Future<Void> head(int status, Headers headers) {
        response.setStatusCode(status);
        headers.fields().forEach(f -> response.headers().add(f.name(), f.value()));
        if (request.version() != HttpVersion.HTTP_2
                && headers.first("content-length").isEmpty()) {
            response.setChunked(true);
        }
        return response.writeHead();
    }

    Future<Void> write(Iterator<Buffer> parts, Duration between) {
        boolean[] first = {true};
        return InTurn.each(parts, part -> {
            Future<Void> due = first[0] ? Future.succeededFuture() : pause(between);
            first[0] = false;
            return due.isComplete() ? write(part) : due.compose(x -> write(part));
        });
    }

    private Future<Void> write(Buffer part) {
        if (part.length() <= SLICE) {
            return writeSlice(part);
        }
        Iterator<Buffer> slices = Bytes.slices(part, SLICE).iterator();
        return InTurn.each(slices, this::writeSlice);
    }

    private Future<Void> writeSlice(Buffer slice) {
        if (exchange.over()) {
            return hang();
        }
        return response.write(slice).onSuccess(x -> exchange.sent(slice));
    }

    Future<Void> pause(Duration duration) {
        if (duration.isZero()) {
            return Future.succeededFuture();
        }
        Promise<Void> due = Promise.promise();
        timer = vertx.setTimer(Math.max(1, duration.toMillis()), id -> {
            timer = NO_TIMER;
            due.complete();
        });
        return due.future();
    }

    Future<Void> end() {
        // An HTTP/2 stream may report its closing before the last write reports its success.
        ended = true;
        return response.end().onSuccess(x -> over(Ending.How.ANSWERED)).onFailure(lost -> over(Ending.How.ABANDONED));
    }

    /**
     * Closes the TCP connection without a farewell: no last chunk, no close_notify, no GOAWAY. That takes the channel's
     * own close, because the handlers' would be polite.
     */
    Future<Void> cut() {
        over(Ending.How.BROKEN_OFF);
        sever(request.connection());
        return hang();
    }

    /** Resets the HTTP/2 stream, or with HTTP/1 the TCP connection. */
    Future<Void> reset(long errorCode) {
        over(Ending.How.BROKEN_OFF);
        if (request.version() == HttpVersion.HTTP_2) {
            response.reset(errorCode);
        } else {
            channel(request.connection()).config().setOption(ChannelOption.SO_LINGER, 0);
            sever(request.connection());
        }
        return hang();
    }

    Future<Void> goAway(long errorCode, boolean refusing) {
        // RFC 9113 §6.8: streams above the last stream id were not and will not be processed.
        request.connection().goAway(errorCode, refusing ? 0 : -1);
        return Future.succeededFuture();
    }

    Future<Void> hang() {
        return Promise.<Void>promise().future();
    }

    static void sever(HttpConnection connection) {
        var unused = channel(connection).pipeline().firstContext().close();
    }

    private static Channel channel(HttpConnection connection) {
        return ((ConnectionBase) connection).channel();
    }

    private void over(Ending.How how) {
        exchange.end(how);
        if (timer != NO_TIMER) {
            vertx.cancelTimer(timer);
            timer = NO_TIMER;
        }
    }
}
