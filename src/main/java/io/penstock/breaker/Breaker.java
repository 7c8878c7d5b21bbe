package io.penstock.breaker;

import java.time.Duration;
import java.util.Optional;

/** Decides whether an upstream may be called. Thread-safe. */
public interface Breaker {

    /** A permit, or empty while the circuit is open or all of its half-open probes are under way. */
    Optional<Permit> tryAcquire();

    /** Whether {@link #tryAcquire} would give a permit now, as far as can be told without taking one. */
    boolean mayAcquire();

    CircuitState state();

    /** How much longer the circuit stays open; zero where it is not. */
    Duration openFor();

    /** Why the circuit last changed, or {@code "none"} while it never did. */
    String cause();

    /**
     * Closes the circuit, whatever its state, and forgets what it had counted. Permits that are out no longer tell it
     * anything. Does nothing where it is closed already.
     *
     * @param why the cause of the transition
     */
    void close(String why);
}
