package io.penstock.relay;

import io.penstock.policy.RoutePolicy;
import io.penstock.policy.RoutePolicy.Target;
import io.penstock.upstream.ApiKey;
import io.penstock.upstream.Upstream;
import io.penstock.upstream.UpstreamSet;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Which upstreams are asked, in which order: by priority, weighted inside a priority; what has failed is out for the rest
 * of the interception. Owned by one event loop.
 */
final class AttemptPlan {
    private final UpstreamSet upstreams;
    private final List<Target> left;

    private @Nullable Target current;
    private int key;

    /** @param random uniform in [0, 1) */
    AttemptPlan(RoutePolicy route, UpstreamSet upstreams, DoubleSupplier random) {
        this.upstreams = upstreams;
        this.left = new ArrayList<>(inOrder(route.targets(), random));
    }

    /** Moves to the next upstream; empty when there is none left. */
    Optional<Upstream> next() {
        key = 0;
        current = left.isEmpty() ? null : left.remove(0);
        return Optional.ofNullable(current).map(target -> upstreams.upstream(target.upstream()));
    }

    /** Moves to the next key of the current upstream; false when there is none left. */
    boolean nextKey() {
        if (key + 1 >= upstreams.upstream(target().upstream()).keys().size()) {
            return false;
        }
        key++;
        return true;
    }

    /** The key for the current upstream, or null where Penstock has none for it. */
    @Nullable
    ApiKey key() {
        List<ApiKey> keys = upstreams.upstream(target().upstream()).keys();
        return keys.isEmpty() ? null : keys.get(key);
    }

    /** What the current upstream calls the model that the application calls {@code model}. */
    String modelFor(String model) {
        return target().models().stream()
                .filter(mapping -> mapping.from().equals(model))
                .map(RoutePolicy.ModelMapping::to)
                .findFirst()
                .orElse(model);
    }

    private Target target() {
        if (current == null) {
            throw new IllegalStateException("no upstream was taken from the plan");
        }
        return current;
    }

    /**
     * Draws without replacement, each with a chance in proportion to its weight: sorting by u^(1/w) (Efraimidis and
     * Spirakis, "Weighted random sampling with a reservoir", 2006).
     */
    private static List<Target> inOrder(List<Target> targets, DoubleSupplier random) {
        record Drawn(Target target, double lot) {}
        return targets.stream()
                .map(target -> new Drawn(target, Math.pow(random.getAsDouble(), 1.0 / target.weight())))
                .sorted(Comparator.comparingInt((Drawn drawn) -> drawn.target().priority())
                        .thenComparing(Comparator.comparingDouble(Drawn::lot).reversed()))
                .map(Drawn::target)
                .toList();
    }
}
