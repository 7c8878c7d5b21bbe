package io.penstock.upstream;

import io.penstock.classify.Classifier;
import io.penstock.policy.Policy;
import io.penstock.policy.RoutePolicy;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A policy in force together with its upstreams and the classifier that knows its rules: the snapshot that an interception keeps from its first byte to its last,
 * whatever is reloaded meanwhile. Immutable.
 */
public record UpstreamSet(
        Policy policy, Map<String, RoutePolicy> routes, Map<String, Upstream> upstreams, Classifier classifier) {

    public @Nullable RoutePolicy route(String name) {
        return routes.get(name);
    }

    /** The route that requests to this host are on, whatever their path; null for most hosts. */
    public @Nullable RoutePolicy routeOfHost(String host) {
        return routes.values().stream()
                .filter(route -> route.hosts().contains(host))
                .findFirst()
                .orElse(null);
    }

    /** The upstream of that name, which exists wherever a route of this policy names it. */
    public Upstream upstream(String name) {
        Upstream upstream = upstreams.get(name);
        if (upstream == null) {
            throw new IllegalArgumentException("unexpected upstream: " + name);
        }
        return upstream;
    }
}
