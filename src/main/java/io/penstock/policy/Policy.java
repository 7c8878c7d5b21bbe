package io.penstock.policy;

import io.penstock.classify.Category;
import io.penstock.classify.RuleSet;
import java.util.List;
import java.util.stream.Stream;

/**
 * What the operator decided: a whole, valid policy, immutable. Durations are positive, names unique, references resolved.
 *
 * @param version the content hash of the file it was read from, or {@code "built-in"}
 * @param categories the operator's own
 * @param rules the operator's and the default catalogue
 */
public record Policy(
        String version,
        List<RoutePolicy> routes,
        List<UpstreamPolicy> upstreams,
        RecordsPolicy records,
        List<Category> categories,
        RuleSet rules) {

    /** A policy without rules of its own. */
    public Policy(String version, List<RoutePolicy> routes, List<UpstreamPolicy> upstreams, RecordsPolicy records) {
        this(version, routes, upstreams, records, List.of(), DefaultRules.ruleSet());
    }

    /** All categories that a failure may have. */
    public List<Category> allCategories() {
        return Stream.concat(Category.builtIn().stream(), categories.stream()).toList();
    }

    /** The upstream of that name, which exists wherever a valid route names it. */
    public UpstreamPolicy upstream(String name) {
        return upstreams.stream()
                .filter(u -> u.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("unexpected upstream: " + name));
    }
}
