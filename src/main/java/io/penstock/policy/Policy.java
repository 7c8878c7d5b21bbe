package io.penstock.policy;

import java.util.List;

/**
 * What the operator decided: a whole, valid policy, immutable. Durations are positive, names unique, references resolved.
 *
 * @param version the content hash of the file it was read from, or {@code "built-in"}
 */
public record Policy(String version, List<RoutePolicy> routes, List<UpstreamPolicy> upstreams, RecordsPolicy records) {

    /** The upstream of that name, which exists wherever a valid route names it. */
    public UpstreamPolicy upstream(String name) {
        return upstreams.stream()
                .filter(u -> u.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("unexpected upstream: " + name));
    }
}
