package io.penstock.policy;

import io.penstock.dialect.Dialect;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the application addresses: a path prefix, a dialect, an ordered set of upstreams.
 *
 * @param name the first path segment
 * @param deadline bounds the whole interception
 * @param targets the upstreams, in the order of the file
 * @param allowPaths path patterns beyond the dialect's inference paths that may be relayed with a credential of
 *     Penstock's own; {@code *} stands for any run of characters
 * @param maxRequestBytes cap on a request body
 * @param maxInFlight cap on concurrent interceptions, or null for none
 * @param maxRetryAfter the largest {@code retry-after} that is passed on to the application
 * @param hosts names of hosts, in small letters and without a port: requests to them are this route's with their whole path
 */
public record RoutePolicy(
        String name,
        Dialect dialect,
        Duration deadline,
        List<Target> targets,
        List<String> allowPaths,
        long maxRequestBytes,
        @Nullable Integer maxInFlight,
        Duration maxRetryAfter,
        List<String> hosts) {

    /** A route that is addressed by its path alone. */
    public RoutePolicy(
            String name,
            Dialect dialect,
            Duration deadline,
            List<Target> targets,
            List<String> allowPaths,
            long maxRequestBytes,
            @Nullable Integer maxInFlight,
            Duration maxRetryAfter) {
        this(name, dialect, deadline, targets, allowPaths, maxRequestBytes, maxInFlight, maxRetryAfter, List.of());
    }

    /**
     * One upstream of a route.
     *
     * @param priority lower is asked first
     * @param weight share of the first attempts inside a priority, at least 1
     * @param models how model names change on the way to this upstream
     */
    public record Target(String upstream, int priority, int weight, List<ModelMapping> models) {}

    /** A request for {@code from} becomes a request for {@code to}. */
    public record ModelMapping(String from, String to) {}
}
