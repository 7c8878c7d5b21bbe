package io.penstock.upstream;

import io.penstock.breaker.Breaker;
import io.penstock.breaker.CircuitState;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.Cancellable;
import java.time.Duration;
import java.util.function.Supplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * While an upstream's circuit is open, asks the upstream again and again whether it is well, and closes the circuit when it
 * says so. One request at a time, each after a wait; none while the circuit is closed, and none while it is half-open, when
 * real requests are the probes. Thread-safe.
 */
final class ActiveProbe {
    private static final Logger LOG = Logger.getLogger(ActiveProbe.class);

    private final String upstream;
    private final Duration interval;
    private final Supplier<Uni<Void>> question;
    private final Delay delay;

    private @Nullable Breaker circuit;
    /** Stops what is under way, the wait or the request; null where nothing is. */
    private @Nullable Runnable stop;

    private boolean over;
    /** Which stretch of asking this is: what belongs to an earlier one has nothing to say any more. */
    private long stretch;

    /** Runs a task after a wait. */
    @FunctionalInterface
    interface Delay {

        /** @return cancels the task, where it has not run yet */
        Runnable after(Duration wait, Runnable task);
    }

    /** @param question succeeds where the upstream is well; asked anew each time, bounded by {@code interval} */
    ActiveProbe(String upstream, Duration interval, Supplier<Uni<Void>> question, Delay delay) {
        this.upstream = upstream;
        this.interval = interval;
        this.question = question;
        this.delay = delay;
    }

    /** The circuit to close; to be told once, before any transition. */
    synchronized void closes(Breaker breaker) {
        circuit = breaker;
    }

    /** The circuit is in that state from now on. */
    synchronized void circuitIs(CircuitState state) {
        halt();
        if (state == CircuitState.OPEN && !over) {
            askLater(stretch);
        }
    }

    /** Asks no more, whatever the circuit does. */
    synchronized void end() {
        over = true;
        halt();
    }

    private void halt() {
        stretch++;
        if (stop != null) {
            stop.run();
            stop = null;
        }
    }

    private void askLater(long mine) {
        stop = delay.after(interval, () -> ask(mine));
    }

    private void ask(long mine) {
        synchronized (this) {
            if (mine != stretch) {
                return;
            }
            stop = null;
        }
        // Not under the lock: an answer that is there at once closes the circuit, whose own lock comes first elsewhere.
        Cancellable asking = question.get()
                .ifNoItem()
                .after(interval)
                .fail()
                .subscribe()
                .with(well -> isWell(mine), failure -> isNotWell(mine, failure));
        boolean stale;
        synchronized (this) {
            stale = mine != stretch;
            if (!stale && stop == null) {
                stop = asking::cancel;
            }
        }
        if (stale) {
            asking.cancel();
        }
    }

    private void isWell(long mine) {
        Breaker well;
        synchronized (this) {
            well = mine == stretch ? circuit : null;
        }
        if (well != null) {
            LOG.infof("upstream %s answered the probe", upstream);
            well.close("probe");
        }
    }

    private synchronized void isNotWell(long mine, Throwable failure) {
        if (mine == stretch) {
            LOG.debugf(failure, "upstream %s did not answer the probe", upstream);
            askLater(mine);
        }
    }
}
