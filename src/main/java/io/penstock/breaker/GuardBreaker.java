package io.penstock.breaker;

import io.penstock.policy.UpstreamPolicy.Circuit;
import io.smallrye.faulttolerance.api.CircuitBreakerState;
import io.smallrye.faulttolerance.api.TypedGuard;
import jakarta.enterprise.util.TypeLiteral;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * A breaker over one SmallRye {@link TypedGuard} that has nothing but a circuit breaker. A guard learns of a call's end
 * only through the future that the guarded action returned; the permit holds that future and completes it when the
 * stream is over, which is how a failure in mid-stream can count.
 *
 * <p>The guard is unnamed on purpose: SmallRye never releases a name, so a reloaded policy could not use it again. And
 * only a named one can be reset; here a new guard takes the old one's place.
 *
 * <p>A guard tells of its transitions but cannot be asked for its state, and it tells after the fact: two threads could
 * tell in the wrong order, and what is remembered here would stay wrong. So everything that may move the guard happens
 * under one lock, except for its timer, whose word is foreseen.
 */
public final class GuardBreaker implements Breaker {
    private static final TypeLiteral<CompletionStage<Void>> VOID_STAGE = new TypeLiteral<>() {};

    private final String upstream;
    private final String scope;
    private final Circuit circuit;
    private final CircuitListener listener;

    private volatile Generation generation;
    private volatile CircuitState state = CircuitState.CLOSED;
    private volatile String lastFailure = "none";
    private volatile String cause = "none";
    private volatile long openedAt;

    public GuardBreaker(String upstream, String scope, Circuit circuit, CircuitListener listener) {
        this.upstream = upstream;
        this.scope = scope;
        this.circuit = circuit;
        this.listener = listener;
        this.generation = new Generation();
    }

    @Override
    public synchronized Optional<Permit> tryAcquire() {
        GuardPermit permit = new GuardPermit(generation);
        permit.generation.guard.get(permit::grant);
        return permit.granted ? Optional.of(permit) : Optional.empty();
    }

    @Override
    public synchronized boolean mayAcquire() {
        return switch (state) {
            case CLOSED -> true;
            case OPEN -> false;
            case HALF_OPEN -> generation.probesOut < circuit.probes();
        };
    }

    @Override
    public CircuitState state() {
        return state;
    }

    @Override
    public Duration openFor() {
        if (state != CircuitState.OPEN) {
            return Duration.ZERO;
        }
        Duration left = circuit.openFor().minusNanos(System.nanoTime() - openedAt);
        return left.isNegative() ? Duration.ZERO : left;
    }

    @Override
    public String cause() {
        return cause;
    }

    @Override
    public synchronized void close(String why) {
        CircuitState before = state;
        if (before != CircuitState.CLOSED) {
            generation = new Generation();
            move(before, CircuitState.CLOSED, why);
        }
    }

    private synchronized void moved(Generation teller, CircuitBreakerState to) {
        if (teller != generation) {
            return;
        }
        switch (to) {
            case CLOSED -> move(state, CircuitState.CLOSED, "recovered");
            case OPEN -> {
                openedAt = System.nanoTime();
                teller.probesOut = 0;
                move(state, CircuitState.OPEN, lastFailure);
            }
            case HALF_OPEN -> {
                if (teller.foreseen) {
                    teller.foreseen = false;
                } else {
                    move(state, CircuitState.HALF_OPEN, "time_over");
                }
            }
        }
    }

    private void move(CircuitState before, CircuitState now, String why) {
        cause = why;
        state = now;
        listener.transition(upstream, scope, before, now, why);
    }

    /** A guard from one closing by hand to the next; what an old one still has to say is not heard. */
    private final class Generation {
        private final TypedGuard<CompletionStage<Void>> guard;
        /** Half-open probes that were given out since the circuit opened last; the guard never gives more than it may. */
        private int probesOut;
        /** Whether the timer has yet to tell of a half-opening that a probe has shown already. */
        private boolean foreseen;

        Generation() {
            this.guard = TypedGuard.create(VOID_STAGE)
                    .withCircuitBreaker()
                    .requestVolumeThreshold(circuit.window())
                    .failureRatio(circuit.failureRatio())
                    .delay(circuit.openFor().toMillis(), ChronoUnit.MILLIS)
                    .successThreshold(circuit.probes())
                    .skipOn(Neutral.class)
                    .onStateChange(to -> moved(this, to))
                    .done()
                    // On an event loop SmallRye would run the action later; a permit must be had, or refused, at once.
                    .withThreadOffload(true)
                    .withThreadOffloadExecutor(Runnable::run)
                    .build();
        }
    }

    /** Ends a call without a verdict; the guard takes it for a success, so it never opens the circuit. */
    private static final class Neutral extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Neutral() {
            super("abandoned", null, false, false);
        }
    }

    private static final class Failed extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Failed(String cause) {
            super(cause, null, false, false);
        }
    }

    private final class GuardPermit implements Permit {
        private final Generation generation;
        private final CompletableFuture<Void> end = new CompletableFuture<>();
        private boolean granted;
        private boolean probe;
        /** Whether the guard was told of a success that a failure may yet follow. */
        private boolean early;

        GuardPermit(Generation generation) {
            this.generation = generation;
        }

        CompletionStage<Void> grant() {
            granted = true;
            if (state == CircuitState.OPEN) {
                // Leave that an open circuit gives: its timer has moved the guard to half-open, and has yet to tell.
                generation.foreseen = true;
                move(CircuitState.OPEN, CircuitState.HALF_OPEN, "time_over");
            }
            probe = state == CircuitState.HALF_OPEN;
            if (probe) {
                generation.probesOut++;
            }
            return end;
        }

        @Override
        public void answered() {
            synchronized (GuardBreaker.this) {
                if (probe && !end.isDone()) {
                    early = true;
                    end.complete(null);
                }
            }
        }

        @Override
        public void succeeded() {
            synchronized (GuardBreaker.this) {
                early = false;
                end.complete(null);
            }
        }

        @Override
        public void failed(String reason) {
            synchronized (GuardBreaker.this) {
                if (early) {
                    early = false;
                    heard(reason);
                    generation.guard.get(() -> CompletableFuture.failedFuture(new Failed(reason)));
                } else if (!end.isDone()) {
                    heard(reason);
                    end.completeExceptionally(new Failed(reason));
                }
            }
        }

        @Override
        public void abandoned() {
            synchronized (GuardBreaker.this) {
                if (early) {
                    early = false;
                } else if (probe) {
                    failed("probe_abandoned");
                } else {
                    end.completeExceptionally(new Neutral());
                }
            }
        }

        private void heard(String reason) {
            if (generation == GuardBreaker.this.generation) {
                lastFailure = reason;
            }
        }
    }
}
