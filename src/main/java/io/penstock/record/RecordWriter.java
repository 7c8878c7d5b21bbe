package io.penstock.record;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jboss.logging.Logger;

/**
 * Hands interceptions to the store, one batch at a time; what arrives while a batch is being written makes the next one.
 * The caller never waits: where the queue is full the interception is dropped and counted. A batch that the store refused
 * is offered again, ever more seldom, until it is taken.
 *
 * <p>Thread-safe. {@code pending} elects the one thread that runs {@link #advance}; {@code batch} and {@code failures}
 * are touched by that thread alone, or by the end of the write that it started.
 */
@Singleton
final class RecordWriter {
    static final int QUEUE_CAPACITY = 8_192;
    static final int BATCH_SIZE = 256;
    static final Duration FIRST_WAIT = Duration.ofSeconds(1);
    static final Duration LONGEST_WAIT = Duration.ofMinutes(1);

    private static final Logger LOG = Logger.getLogger(RecordWriter.class);

    private final InterceptionStore store;
    private final DroppedRecords dropped;
    private final Later later;
    private final BlockingQueue<Interception> queue = new ArrayBlockingQueue<>(QUEUE_CAPACITY);
    private final AtomicInteger pending = new AtomicInteger();
    private final List<Interception> batch = new ArrayList<>();
    private volatile boolean writing;
    private int failures;

    /** Runs a task after a delay. */
    @FunctionalInterface
    interface Later {
        void run(Duration delay, Runnable task);
    }

    @Inject
    RecordWriter(InterceptionStore store, DroppedRecords dropped) {
        this(store, dropped, RecordWriter::onWorker);
    }

    RecordWriter(InterceptionStore store, DroppedRecords dropped, Later later) {
        this.store = store;
        this.dropped = dropped;
        this.later = later;
    }

    void write(Interception interception) {
        if (queue.offer(interception)) {
            advance();
        } else {
            dropped.add();
        }
    }

    /** Whether the store has taken everything that was written. */
    boolean idle() {
        return queue.isEmpty() && !writing;
    }

    /** Starts the next write unless one is under way; a call that comes during another makes that one look again. */
    private void advance() {
        if (pending.getAndIncrement() != 0) {
            return;
        }
        int seen = 1;
        do {
            if (!writing) {
                startWrite();
            }
            seen = pending.addAndGet(-seen);
        } while (seen != 0);
    }

    private void startWrite() {
        if (batch.isEmpty()) {
            queue.drainTo(batch, BATCH_SIZE);
        }
        if (batch.isEmpty()) {
            return;
        }
        writing = true;
        List<Interception> written = List.copyOf(batch);
        Uni.createFrom().deferred(() -> store.append(written)).subscribe().with(taken -> taken(), this::refused);
    }

    private void taken() {
        if (failures > 0) {
            LOG.infof("the record store takes records again after %d failed attempts", failures);
        }
        failures = 0;
        batch.clear();
        writing = false;
        advance();
    }

    private void refused(Throwable cause) {
        Duration wait = wait(failures++);
        LOG.warnf(
                "the record store refused %d records, the next attempt is in %d s; %d wait, %d were dropped: %s",
                batch.size(), wait.toSeconds(), queue.size(), dropped.count(), cause);
        later.run(wait, () -> {
            writing = false;
            advance();
        });
    }

    private static Duration wait(int failuresBefore) {
        // Six doublings of a second pass the cap; beyond them the shift would overflow.
        Duration doubled = FIRST_WAIT.multipliedBy(1L << Math.min(failuresBefore, 6));
        return doubled.compareTo(LONGEST_WAIT) < 0 ? doubled : LONGEST_WAIT;
    }

    private static void onWorker(Duration delay, Runnable task) {
        var unused = Infrastructure.getDefaultWorkerPool().schedule(task, delay.toMillis(), TimeUnit.MILLISECONDS);
    }
}
