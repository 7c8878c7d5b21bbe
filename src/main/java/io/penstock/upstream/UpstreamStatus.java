package io.penstock.upstream;

import io.penstock.dialect.Dialect;
import java.net.URI;
import java.util.List;

/**
 * An upstream as the admin API shows it.
 *
 * @param credentials {@code "passthrough"}, {@code "none"} or {@code "keys"}
 * @param keyHints the keys as {@code sk-a…wxyz}-like hints
 * @param circuits that of the whole upstream first
 * @param inFlight calls under way
 */
public record UpstreamStatus(
        String name,
        URI url,
        Dialect dialect,
        String credentials,
        List<String> keyHints,
        List<CircuitStatus> circuits,
        int inFlight) {}
