package io.penstock.policy;

import io.penstock.classify.Category;
import io.penstock.dialect.Dialect;
import java.time.Duration;
import java.util.List;
import java.util.Set;
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
 * @param hold how much of an answer is held back while it has no content
 * @param failoverOn the categories that fail over only because this route asks for it
 * @param whenAllOpen what is done where every upstream is kept back by a circuit
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
        Hold hold,
        Set<Category> failoverOn,
        WhenAllOpen whenAllOpen,
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
            Duration maxRetryAfter,
            Hold hold,
            Set<Category> failoverOn,
            WhenAllOpen whenAllOpen) {
        this(
                name,
                dialect,
                deadline,
                targets,
                allowPaths,
                maxRequestBytes,
                maxInFlight,
                maxRetryAfter,
                hold,
                failoverOn,
                whenAllOpen,
                List.of());
    }

    /**
     * One upstream of a route.
     *
     * @param priority lower is asked first
     * @param weight share of the first attempts inside a priority, at least 1
     * @param models how model names change on the way to this upstream
     * @param contextWindow how large an input it takes, in tokens, as declared; 0 where nothing is declared
     */
    public record Target(String upstream, int priority, int weight, List<ModelMapping> models, int contextWindow) {}

    /** What is done where circuits keep every upstream of a route back. */
    public enum WhenAllOpen {
        /** The application is told how long that lasts. */
        REFUSE,
        /** The upstream that was to be asked first is asked once all the same. */
        TRY
    }

    /**
     * The bounds of the hold before the commit. Whichever is reached first ends it, whether there was content or not.
     *
     * @param frames of a stream
     * @param bytes of an answer as it came
     * @param time from the answer's head on, or null for as long as the time to the first content allows
     */
    public record Hold(int frames, int bytes, @Nullable Duration time) {}

    /** A request for {@code from} becomes a request for {@code to}. */
    public record ModelMapping(String from, String to) {}
}
