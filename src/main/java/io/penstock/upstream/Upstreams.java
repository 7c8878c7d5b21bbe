package io.penstock.upstream;

import io.penstock.breaker.CircuitListener;
import io.penstock.breaker.CircuitState;
import io.penstock.breaker.GuardBreaker;
import io.penstock.classify.Classifier;
import io.penstock.policy.Policy;
import io.penstock.policy.PolicySource;
import io.penstock.policy.RoutePolicy;
import io.penstock.policy.UpstreamPolicy;
import io.quarkus.arc.All;
import io.vertx.core.Vertx;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The upstreams in force. A reload keeps every upstream whose policy is unchanged, with its connections, circuit and
 * budget, and lets the others finish what they have under way. Thread-safe.
 */
@ApplicationScoped
public class Upstreams implements UpstreamDirectory {
    private static final Logger LOG = Logger.getLogger(Upstreams.class);

    private static final String UPSTREAM_SCOPE = "upstream";

    private final Vertx vertx;
    private final List<CircuitListener> listeners;
    private volatile UpstreamSet set;

    /** Reads the policy in force, and follows its changes. */
    public Upstreams(Vertx vertx, PolicySource policies, @All List<CircuitListener> listeners) {
        this.vertx = vertx;
        this.listeners = listeners;
        this.set = build(policies.current(), null);
        policies.onChange(this::change);
    }

    /** What an interception that begins now works with. */
    public UpstreamSet snapshot() {
        return set;
    }

    @Override
    public List<UpstreamStatus> statuses() {
        UpstreamSet now = set;
        return now.policy().upstreams().stream()
                .map(policy -> now.upstream(policy.name()).status())
                .toList();
    }

    @PreDestroy
    void close() {
        set.upstreams().values().forEach(Upstream::retire);
    }

    private synchronized void change(Policy policy) {
        UpstreamSet before = set;
        UpstreamSet after = build(policy, before);
        set = after;
        before.upstreams().values().stream()
                .filter(upstream -> after.upstreams().get(upstream.name()) != upstream)
                .forEach(this::retire);
    }

    private void retire(Upstream upstream) {
        upstream.retire();
        CircuitState last = upstream.breaker().state();
        if (last != CircuitState.CLOSED) {
            // What takes its name begins with a closed circuit.
            transition(upstream.name(), UPSTREAM_SCOPE, last, CircuitState.CLOSED, "reloaded");
        }
    }

    private UpstreamSet build(Policy policy, @Nullable UpstreamSet before) {
        Map<String, Upstream> upstreams = new HashMap<>();
        for (UpstreamPolicy wanted : policy.upstreams()) {
            Upstream old = before == null ? null : before.upstreams().get(wanted.name());
            upstreams.put(wanted.name(), old != null && old.policy().equals(wanted) ? old : create(wanted));
        }
        Map<String, RoutePolicy> routes =
                policy.routes().stream().collect(Collectors.toUnmodifiableMap(RoutePolicy::name, Function.identity()));
        return new UpstreamSet(policy, routes, Map.copyOf(upstreams), new Classifier(Clock.systemUTC(), policy.rules()));
    }

    private Upstream create(UpstreamPolicy policy) {
        return new Upstream(
                policy,
                new HttpConnector(vertx, policy),
                Credentials.read(policy.credentials()),
                new GuardBreaker(policy.name(), UPSTREAM_SCOPE, policy.circuit(), this::transition),
                new RetryBudget(policy.retry().budget(), System::nanoTime));
    }

    private void transition(String upstream, String scope, CircuitState from, CircuitState to, String cause) {
        LOG.infof("circuit of upstream %s (%s): %s -> %s, cause %s", upstream, scope, from.label(), to.label(), cause);
        listeners.forEach(listener -> listener.transition(upstream, scope, from, to, cause));
    }
}
