package io.penstock.upstream;

import io.penstock.breaker.CircuitState;
import io.penstock.dialect.Dialect;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An upstream as the admin API shows it.
 *
 * @param credentials {@code "passthrough"}, {@code "none"} or {@code "keys"}
 * @param keyHints the keys as {@code sk-a…wxyz}-like hints
 * @param circuitCause why the circuit last changed, or null while it never did
 * @param openFor how much longer the circuit stays open, or null where it is not
 * @param inFlight calls under way
 */
public record UpstreamStatus(
        String name,
        URI url,
        Dialect dialect,
        String credentials,
        List<String> keyHints,
        CircuitState circuit,
        @Nullable String circuitCause,
        @Nullable Duration openFor,
        int inFlight) {}
