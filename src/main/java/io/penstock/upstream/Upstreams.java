package io.penstock.upstream;

import io.penstock.breaker.CircuitListener;
import io.penstock.breaker.Circuits;
import io.penstock.breaker.GuardBreaker;
import io.penstock.classify.Classifier;
import io.penstock.policy.Policy;
import io.penstock.policy.PolicySource;
import io.penstock.policy.RoutePolicy;
import io.penstock.policy.UpstreamPolicy;
import io.penstock.policy.UpstreamPolicy.Probe;
import io.quarkus.arc.All;
import io.vertx.core.Vertx;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The upstreams in force. A reload keeps every upstream whose policy is unchanged, with its connections, circuit and
 * budget, and lets the others finish what they have under way. Thread-safe.
 */
@ApplicationScoped
public class Upstreams implements UpstreamDirectory {
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

    @Override
    public List<KeyStatus> keys() {
        UpstreamSet now = set;
        return now.policy().upstreams().stream()
                .flatMap(policy -> now.upstream(policy.name()).keyStatuses().stream())
                .toList();
    }

    @Override
    public int keyCount(String upstream, KeyState state) {
        Upstream named = set.upstreams().get(upstream);
        KeyPool keys = named == null ? null : named.keys();
        return keys == null ? 0 : keys.count(state);
    }

    @Override
    public Reset reset(String upstream, @Nullable String scope) {
        UpstreamSet now = set;
        Upstream named = now.upstreams().get(upstream);
        if (named == null) {
            return new Reset.NoUpstream(
                    now.policy().upstreams().stream().map(UpstreamPolicy::name).toList());
        }
        return named.circuits().reset(scope)
                ? new Reset.Done(named.status())
                : new Reset.NoScope(named.circuits().scopes());
    }

    /** Looks at the files that hold keys, and lends those that are new from now on. Blocks. */
    void lookAtKeys() {
        for (Upstream upstream : set.upstreams().values()) {
            KeyPool keys = upstream.keys();
            if (keys != null) {
                keys.reread();
            }
        }
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
                .forEach(Upstream::retire);
    }

    private UpstreamSet build(Policy policy, @Nullable UpstreamSet before) {
        Map<String, Upstream> upstreams = new HashMap<>();
        for (UpstreamPolicy wanted : policy.upstreams()) {
            Upstream old = before == null ? null : before.upstreams().get(wanted.name());
            upstreams.put(wanted.name(), old != null && old.policy().equals(wanted) ? old : create(wanted));
        }
        Map<String, RoutePolicy> routes =
                policy.routes().stream().collect(Collectors.toUnmodifiableMap(RoutePolicy::name, Function.identity()));
        return new UpstreamSet(
                policy, routes, Map.copyOf(upstreams), new Classifier(Clock.systemUTC(), policy.rules()));
    }

    private Upstream create(UpstreamPolicy policy) {
        KeyPool keys = KeyPool.of(policy, System::nanoTime);
        Probe wanted = policy.circuit().probe();
        RestProbe client = wanted == null ? null : new RestProbe(policy, wanted, keys);
        ActiveProbe probe = client == null || wanted == null
                ? null
                : new ActiveProbe(policy.name(), wanted.interval(), client::ask, this::after);
        CircuitWatch watch = new CircuitWatch(listeners, probe);
        Circuits circuits =
                new Circuits(policy.models(), scope -> new GuardBreaker(policy.name(), scope, policy.circuit(), watch));
        if (probe != null) {
            probe.closes(circuits.whole());
        }
        return new Upstream(
                policy,
                new HttpConnector(vertx, policy),
                keys,
                circuits,
                new RetryBudget(policy.retry().budget(), System::nanoTime),
                new MissingModels(policy.circuit().openFor(), System::nanoTime),
                () -> {
                    watch.end();
                    if (client != null) {
                        client.close();
                    }
                });
    }

    private Runnable after(Duration wait, Runnable task) {
        long timer = vertx.setTimer(Math.max(1, wait.toMillis()), id -> task.run());
        return () -> vertx.cancelTimer(timer);
    }
}
