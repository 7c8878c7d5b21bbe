package io.penstock.breaker;

import static io.penstock.policy.UpstreamPolicy.OTHER_MODELS;
import static io.penstock.policy.UpstreamPolicy.WHOLE_UPSTREAM;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The circuits of one upstream: one that covers it with all its models, one for each configured model, and one that all
 * other models share, so that what applications ask for can neither fill the memory nor the metrics. A call passes where
 * the first and that of its model let it. Thread-safe.
 */
public final class Circuits {
    private final Map<String, Breaker> byScope = new LinkedHashMap<>();
    private final Breaker whole;

    /**
     * Closed circuits.
     *
     * @param models the configured models
     * @param make makes the circuit of a scope
     */
    public Circuits(Collection<String> models, Function<String, Breaker> make) {
        this.whole = make.apply(WHOLE_UPSTREAM);
        byScope.put(WHOLE_UPSTREAM, whole);
        for (String model : models) {
            byScope.computeIfAbsent(model, make);
        }
        byScope.computeIfAbsent(OTHER_MODELS, make);
    }

    /** What {@link #tryPass} says. */
    public sealed interface Gate {

        /** The call may be made. */
        record Open(Passage passage) implements Gate {}

        /**
         * It may not.
         *
         * @param scope which circuit keeps it back: {@code "upstream"}, {@code "other"} or a model's name
         * @param cause why that circuit is as it is
         * @param left how much longer it stays open; zero while its half-open probes are under way
         */
        record Shut(String scope, String cause, Duration left) implements Gate {}
    }

    /**
     * Which circuit would keep a call back now, or none; takes nothing.
     *
     * @param model what the upstream calls the model, or null where the call is for none
     */
    public Optional<Gate.Shut> shut(@Nullable String model) {
        if (!whole.mayAcquire()) {
            return Optional.of(shut(WHOLE_UPSTREAM, whole));
        }
        String scope = scope(model);
        Breaker ofModel = scope == null ? null : byScope.get(scope);
        return scope == null || ofModel == null || ofModel.mayAcquire()
                ? Optional.empty()
                : Optional.of(shut(scope, ofModel));
    }

    /**
     * Leave for a call, or which circuit keeps it back.
     *
     * @param model what the upstream calls the model, or null where the call is for none
     */
    public synchronized Gate tryPass(@Nullable String model) {
        // Both are looked at first: a half-open probe that was taken cannot be given back unused.
        Optional<Gate.Shut> shut = shut(model);
        if (shut.isPresent()) {
            return shut.get();
        }
        Optional<Permit> upstream = whole.tryAcquire();
        if (upstream.isEmpty()) {
            return shut(WHOLE_UPSTREAM, whole);
        }
        String scope = scope(model);
        Breaker ofModel = scope == null ? null : byScope.get(scope);
        if (scope == null || ofModel == null) {
            return new Gate.Open(new Passage(upstream.get(), null));
        }
        Optional<Permit> permit = ofModel.tryAcquire();
        if (permit.isEmpty()) {
            // It opened in this very moment. A probe that ends so opens the upstream's circuit again: late, not stuck.
            upstream.get().abandoned();
            return shut(scope, ofModel);
        }
        return new Gate.Open(new Passage(upstream.get(), permit.get()));
    }

    /** The circuit that covers the upstream with all its models. */
    public Breaker whole() {
        return whole;
    }

    /** Every circuit with its scope, the whole upstream's first. */
    public void forEach(BiConsumer<String, Breaker> action) {
        byScope.forEach(action);
    }

    /** The scopes, the whole upstream's first. */
    public List<String> scopes() {
        return new ArrayList<>(byScope.keySet());
    }

    /**
     * Closes circuits that are not closed.
     *
     * @param scope the one to close, or null for all
     * @return whether there is such a scope
     */
    public boolean reset(@Nullable String scope) {
        if (scope == null) {
            byScope.values().forEach(breaker -> breaker.close("reset"));
            return true;
        }
        Breaker breaker = byScope.get(scope);
        if (breaker != null) {
            breaker.close("reset");
        }
        return breaker != null;
    }

    /** Models that are not configured share a scope; one that has the whole upstream's name is none of its own. */
    private @Nullable String scope(@Nullable String model) {
        if (model == null) {
            return null;
        }
        return byScope.containsKey(model) && !model.equals(WHOLE_UPSTREAM) ? model : OTHER_MODELS;
    }

    private static Gate.Shut shut(String scope, Breaker breaker) {
        return new Gate.Shut(scope, breaker.cause(), breaker.openFor());
    }
}
