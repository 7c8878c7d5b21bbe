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
 * <p>The guard is unnamed on purpose: SmallRye never releases a name, so a reloaded policy could not use it again.
 */
public final class GuardBreaker implements Breaker {
    private static final TypeLiteral<CompletionStage<Void>> VOID_STAGE = new TypeLiteral<>() {};

    private final String upstream;
    private final String scope;
    private final Circuit circuit;
    private final CircuitListener listener;
    private final TypedGuard<CompletionStage<Void>> guard;

    private volatile CircuitState state = CircuitState.CLOSED;
    private volatile String lastFailure = "none";
    private volatile String cause = "none";
    private volatile long openedAt;

    public GuardBreaker(String upstream, String scope, Circuit circuit, CircuitListener listener) {
        this.upstream = upstream;
        this.scope = scope;
        this.circuit = circuit;
        this.listener = listener;
        this.guard = TypedGuard.create(VOID_STAGE)
                .withCircuitBreaker()
                .requestVolumeThreshold(circuit.window())
                .failureRatio(circuit.failureRatio())
                .delay(circuit.openFor().toMillis(), ChronoUnit.MILLIS)
                .successThreshold(circuit.probes())
                .skipOn(Neutral.class)
                .onStateChange(this::moved)
                .done()
                // On an event loop SmallRye would run the action later; a permit must be had, or refused, at once.
                .withThreadOffload(true)
                .withThreadOffloadExecutor(Runnable::run)
                .build();
    }

    @Override
    public Optional<Permit> tryAcquire() {
        GuardPermit permit = new GuardPermit();
        guard.get(permit::grant);
        return permit.granted ? Optional.of(permit) : Optional.empty();
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

    private void moved(CircuitBreakerState to) {
        CircuitState before = state;
        CircuitState now =
                switch (to) {
                    case CLOSED -> CircuitState.CLOSED;
                    case OPEN -> CircuitState.OPEN;
                    case HALF_OPEN -> CircuitState.HALF_OPEN;
                };
        if (now == CircuitState.OPEN) {
            openedAt = System.nanoTime();
            cause = lastFailure;
        } else {
            cause = now == CircuitState.CLOSED ? "recovered" : "time_over";
        }
        state = now;
        listener.transition(upstream, scope, before, now, cause);
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
        private final CompletableFuture<Void> end = new CompletableFuture<>();
        private boolean granted;
        private boolean probe;

        CompletionStage<Void> grant() {
            granted = true;
            // Leave that is given while the circuit is not closed is leave to probe, also in the instant in which the
            // guard has moved to half-open and has yet to tell.
            probe = state != CircuitState.CLOSED;
            return end;
        }

        @Override
        public void succeeded() {
            end.complete(null);
        }

        @Override
        public void failed(String reason) {
            if (!end.isDone()) {
                lastFailure = reason;
                end.completeExceptionally(new Failed(reason));
            }
        }

        @Override
        public void abandoned() {
            if (probe) {
                failed("probe_abandoned");
            } else {
                end.completeExceptionally(new Neutral());
            }
        }
    }
}
