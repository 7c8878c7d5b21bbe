package io.penstock.gateway;

import io.penstock.admin.ServingState;
import io.penstock.record.Recorder;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * Ends the data plane in good order. When the program is told to stop, readiness goes down at once, connections are not
 * kept any more, and what is under way goes on for {@code penstock.drain}; what is left then ends with an error. Requests
 * that still come are served like others: in a pod that ends, the application may have a last one.
 *
 * <p>Thread-safe, and without a proxy of the container's: exchanges may still end when the container is gone. The event comes before anything is closed, on a thread of Quarkus' own that may block.
 */
@Singleton
public class Drain {
    static final String REASON = "the gateway is shutting down";

    private static final Logger LOG = Logger.getLogger(Drain.class);
    /** For the last words of those that were interrupted; longer than any of them may take. */
    private static final Duration FAREWELL = Duration.ofSeconds(6);
    /** For the store to take the last records. */
    private static final Duration LAST_RECORDS = Duration.ofSeconds(3);

    private static final Duration POLL = Duration.ofMillis(5);

    private final Vertx vertx;
    private final ServingState state;
    private final Recorder recorder;
    private final Duration limit;
    private final Set<Exchange> open = ConcurrentHashMap.newKeySet();
    private final Set<HttpConnection> multiplexed = ConcurrentHashMap.newKeySet();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private volatile boolean hurried;

    /** @param limit how long what is under way may go on after the program was told to stop */
    public Drain(
            Vertx vertx,
            ServingState state,
            Recorder recorder,
            @ConfigProperty(name = "penstock.drain", defaultValue = "30s") Duration limit) {
        this.vertx = vertx;
        this.state = state;
        this.recorder = recorder;
        this.limit = limit;
    }

    /** One exchange with an application. */
    static final class Exchange {
        private final Context context;
        private final Runnable interrupt;

        private Exchange(Context context, Runnable interrupt) {
            this.context = context;
            this.interrupt = interrupt;
        }
    }

    boolean draining() {
        return state.draining();
    }

    /**
     * An exchange begins; called on its event loop.
     *
     * @param interrupt run on the same event loop where the exchange has to end now
     * @return to be given to {@link #leave} once nothing more is to be sent
     */
    Exchange enter(HttpServerRequest request, Runnable interrupt) {
        Exchange exchange = new Exchange(vertx.getOrCreateContext(), interrupt);
        open.add(exchange);
        if (request.version() == HttpVersion.HTTP_2 && multiplexed.add(request.connection())) {
            HttpConnection connection = request.connection();
            connection.closeHandler(closed -> multiplexed.remove(connection));
            if (draining()) {
                sayGoAway(connection);
            }
        }
        return exchange;
    }

    void leave(Exchange exchange) {
        open.remove(exchange);
        if (open.isEmpty()) {
            wake();
        }
    }

    /** Waits no longer for what is under way. */
    void hurry() {
        hurried = true;
        wake();
    }

    void toldToStop(@Observes ShutdownDelayInitiatedEvent event) {
        ImpatientStop.onSignal(this::hurry);
        begin();
    }

    /** Drains; returns when nothing is under way any more, or no more time is to be given to it. */
    void begin() {
        state.drain();
        try {
            if (!open.isEmpty()) {
                finish();
            }
            awaitLastRecords();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void finish() throws InterruptedException {
        LOG.infof("told to stop: %d interceptions may go on for %d s", open.size(), limit.toSeconds());
        multiplexed.forEach(this::sayGoAway);
        if (awaitEmpty(limit)) {
            LOG.info("every interception has ended");
            return;
        }
        LOG.warnf("%d interceptions did not end in time and are interrupted", open.size());
        open.forEach(exchange -> exchange.context.runOnContext(now -> exchange.interrupt.run()));
        hurried = false;
        awaitEmpty(FAREWELL);
    }

    /** GOAWAY (RFC 9113 §6.8): streams that are open go on, no new ones are taken. */
    private void sayGoAway(HttpConnection connection) {
        connection.shutdown(limit.plus(FAREWELL).toMillis(), TimeUnit.MILLISECONDS);
    }

    private boolean awaitEmpty(Duration time) throws InterruptedException {
        long end = System.nanoTime() + time.toNanos();
        lock.lock();
        try {
            long left = end - System.nanoTime();
            while (!open.isEmpty() && !hurried && left > 0) {
                left = changed.awaitNanos(left);
            }
            return open.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    private void awaitLastRecords() throws InterruptedException {
        long end = System.nanoTime() + LAST_RECORDS.toNanos();
        while (!recorder.idle() && System.nanoTime() < end) {
            TimeUnit.MILLISECONDS.sleep(POLL.toMillis());
        }
        if (!recorder.idle()) {
            LOG.warn("the record store has not taken the last records in time");
        }
    }

    private void wake() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
