package io.penstock.relay;

import io.penstock.policy.RoutePolicy;
import io.penstock.policy.RoutePolicy.ModelMapping;
import io.penstock.policy.RoutePolicy.Target;
import io.penstock.upstream.ApiKey;
import io.penstock.upstream.KeyLoan;
import io.penstock.upstream.KeyPool;
import io.penstock.upstream.Upstream;
import io.penstock.upstream.UpstreamSet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Which upstreams are asked, in which order, and with which keys: by priority, weighted inside a priority, those that
 * lately lacked the model last. An upstream that has had its turn, and a key that was tried, are out for the rest of the
 * interception. Owned by one event loop.
 */
final class AttemptPlan {
    private final UpstreamSet upstreams;
    private final @Nullable String model;
    private final List<Target> left;
    private final Set<ApiKey> tried = new HashSet<>();
    private @Nullable Target current;
    private @Nullable Target keptBack;
    private @Nullable KeyLoan loan;

    /**
     * The plan of one interception.
     *
     * @param model the model that the application asks for, or null
     * @param random uniform in [0, 1)
     */
    AttemptPlan(RoutePolicy route, UpstreamSet upstreams, @Nullable String model, DoubleSupplier random) {
        this.upstreams = upstreams;
        this.model = model;
        this.left = new ArrayList<>(inOrder(route.targets(), random));
        left.sort(Comparator.comparing(this::lacksModel));
    }

    /** Moves to the next upstream; empty when there is none left. */
    Optional<Upstream> next() {
        return moveTo(left.isEmpty() ? null : left.remove(0));
    }

    boolean hasNext() {
        return !left.isEmpty();
    }

    /** Takes out the upstreams that are not declared to take larger inputs than the current one. */
    void onlyLarger() {
        int tooSmall = target().contextWindow();
        left.removeIf(target -> target.contextWindow() <= tooSmall);
    }

    /** Remembers that a circuit kept the current upstream back. */
    void keepBack() {
        keptBack = keptBack == null ? target() : keptBack;
    }

    /** Moves to the first upstream that a circuit kept back; empty where none was, and from the second time on. */
    Optional<Upstream> keptBack() {
        Target first = keptBack;
        keptBack = null;
        return moveTo(first);
    }

    /**
     * Makes sure that the current upstream has a key to be called with: the one that it had, if nothing has come to speak
     * against that, or else another.
     *
     * @return false where it needs one and there is none
     */
    boolean keyReady() {
        KeyPool keys = upstream().keys();
        if (keys == null) {
            return true;
        }
        loan = loan == null ? null : keys.again(loan, upstreamModel()).orElse(null);
        return loan != null || nextKey();
    }

    /** Moves to another key of the current upstream; false where there is none. */
    boolean nextKey() {
        KeyPool keys = upstream().keys();
        KeyLoan next = keys == null ? null : keys.lend(upstreamModel(), tried).orElse(null);
        if (next == null) {
            return false;
        }
        loan = next;
        tried.add(next.key());
        return true;
    }

    /** The key for the current upstream, or null where Penstock has none for it. */
    @Nullable
    KeyLoan key() {
        return loan;
    }

    /** How long the current key still has to rest; zero where it does not, or Penstock has none. */
    Duration keyRest() {
        KeyPool keys = upstream().keys();
        return keys == null || loan == null ? Duration.ZERO : keys.restOf(loan);
    }

    /** Why the current upstream has no key to be called with; empty where it is not for want of keys. */
    Optional<KeyPool.Out> keysOut() {
        KeyPool keys = upstream().keys();
        return keys == null ? Optional.empty() : keys.out(upstreamModel());
    }

    Upstream upstream() {
        return upstreams.upstream(target().upstream());
    }

    /** What the current upstream calls the model that is asked for, or null where none is. */
    @Nullable
    String upstreamModel() {
        return model == null ? null : modelFor(target(), model);
    }

    private Optional<Upstream> moveTo(@Nullable Target target) {
        tried.clear();
        loan = null;
        current = target;
        return Optional.ofNullable(target).map(found -> upstreams.upstream(found.upstream()));
    }

    private boolean lacksModel(Target target) {
        return model != null
                && upstreams.upstream(target.upstream()).missingModels().lacking(modelFor(target, model));
    }

    private static String modelFor(Target target, String model) {
        return target.models().stream()
                .filter(mapping -> mapping.from().equals(model))
                .map(ModelMapping::to)
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
