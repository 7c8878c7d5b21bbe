package io.penstock.relay;

import io.penstock.breaker.Breaker;
import io.penstock.breaker.Circuits;
import io.penstock.dialect.Dialect;
import io.penstock.policy.RoutePolicy.ModelMapping;
import io.penstock.policy.RoutePolicy.Target;
import io.penstock.policy.UpstreamPolicy;
import io.penstock.policy.UpstreamPolicy.Budget;
import io.penstock.policy.UpstreamPolicy.CredentialsPolicy;
import io.penstock.policy.UpstreamPolicy.KeyRest;
import io.penstock.policy.UpstreamPolicy.Retry;
import io.penstock.policy.UpstreamPolicy.SecretRef;
import io.penstock.policy.UpstreamPolicy.Timeouts;
import io.penstock.upstream.ApiKey;
import io.penstock.upstream.KeyPool;
import io.penstock.upstream.MissingModels;
import io.penstock.upstream.RetryBudget;
import io.penstock.upstream.StoredKey;
import io.penstock.upstream.Upstream;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** An upstream whose connections are scripted and whose circuit is the test's. */
final class FakeUpstream {
    /** Connections of the policy, so few that a single exchange under way shows as {@link Upstream#saturated}. */
    private static final int NONE = 0;

    final ScriptedConnector connector = new ScriptedConnector();
    /** The circuit of the whole upstream. */
    final FakeBreaker breaker = new FakeBreaker();

    private final Map<String, FakeBreaker> ofModels = new HashMap<>();

    private final String name;
    private final int priority;
    private final Upstream upstream;
    private List<ModelMapping> models = List.of();
    private int contextWindow;

    private FakeUpstream(String name, int priority, Settings settings, Timers timers) {
        this.name = name;
        this.priority = priority;
        UpstreamPolicy policy = new UpstreamPolicy(
                name,
                URI.create("https://" + name + ".example"),
                Dialect.OPENAI,
                settings.keys.isEmpty()
                        ? new CredentialsPolicy.Passthrough()
                        : new CredentialsPolicy.Keys(
                                settings.keys.stream().map(StoredKey::reference).toList()),
                name,
                settings.keyRest,
                settings.models,
                settings.timeouts,
                settings.retry,
                new UpstreamPolicy.Circuit(20, 0.5, Duration.ofSeconds(15), 2, null),
                new UpstreamPolicy.Limits(settings.connections, 512),
                new UpstreamPolicy.Tls(null),
                UpstreamPolicy.HttpVersion.AUTO);
        this.upstream = new Upstream(
                policy,
                connector,
                settings.keys.isEmpty() ? null : new KeyPool(name, settings.keyRest, timers::nanos, settings.keys),
                new Circuits(settings.models, settings.circuits == null ? this::circuit : settings.circuits),
                new RetryBudget(settings.retry.budget(), timers::nanos),
                new MissingModels(policy.circuit().openFor(), timers::nanos),
                () -> {});
    }

    static FakeUpstream of(String name, int priority, Settings settings, Timers timers) {
        return new FakeUpstream(name, priority, settings, timers);
    }

    /** What an upstream's policy says where a test does not; modifiable. */
    static final class Settings {
        private Timeouts timeouts = new Timeouts(Duration.ofSeconds(2), Duration.ofSeconds(60), Duration.ofSeconds(30));
        private Retry retry = new Retry(2, Duration.ofMillis(200), Duration.ofSeconds(5), new Budget(0.2, 3));
        private List<StoredKey> keys = List.of();
        private KeyRest keyRest = new KeyRest(Duration.ofSeconds(5), Duration.ofMinutes(1), Duration.ofHours(1));
        private List<String> models = List.of();
        private int connections = NONE;
        private @Nullable Function<String, Breaker> circuits;

        Settings firstContent(Duration time) {
            timeouts = new Timeouts(timeouts.connect(), time, timeouts.idle());
            return this;
        }

        Settings retries(int attempts) {
            retry = new Retry(attempts, retry.baseDelay(), retry.maxDelay(), retry.budget());
            return this;
        }

        Settings budget(double ratio, double minPerSecond) {
            retry = new Retry(retry.attempts(), retry.baseDelay(), retry.maxDelay(), new Budget(ratio, minPerSecond));
            return this;
        }

        Settings keys(String... secrets) {
            keys = Stream.of(secrets)
                    .map(secret -> new StoredKey(new SecretRef.Env(secret), new ApiKey(secret)))
                    .toList();
            return this;
        }

        Settings models(String... names) {
            models = List.of(names);
            return this;
        }

        /** Circuits of which the test has no hold, by their scopes. */
        Settings circuits(Function<String, Breaker> made) {
            circuits = made;
            return this;
        }

        Settings connections(int count) {
            connections = count;
            return this;
        }
    }

    FakeUpstream plays(Script... scripts) {
        connector.play(scripts);
        return this;
    }

    FakeUpstream calls(String model, String itsName) {
        models = List.of(new ModelMapping(model, itsName));
        return this;
    }

    /** Declares how large an input it takes. */
    FakeUpstream contextWindow(int tokens) {
        contextWindow = tokens;
        return this;
    }

    /** The circuit of a model, or of those that share one. */
    FakeBreaker breaker(String scope) {
        return Objects.requireNonNull(ofModels.get(scope));
    }

    private FakeBreaker circuit(String scope) {
        return scope.equals(UpstreamPolicy.WHOLE_UPSTREAM)
                ? breaker
                : ofModels.computeIfAbsent(scope, name -> new FakeBreaker());
    }

    String name() {
        return name;
    }

    Target target() {
        return new Target(name, priority, 1, models, contextWindow);
    }

    Upstream upstream() {
        return upstream;
    }

    /** One of the calls made to it, from 0. */
    ScriptedCall call(int number) {
        return connector.calls().get(number);
    }

    int calls() {
        return connector.calls().size();
    }
}
