package io.penstock.upstream;

import io.penstock.dialect.Dialect;
import io.penstock.policy.Policy;
import io.penstock.policy.PolicyDefaults;
import io.penstock.policy.PolicySource;
import io.penstock.policy.RoutePolicy;
import io.penstock.policy.UpstreamPolicy;
import io.penstock.policy.UpstreamPolicy.CredentialsPolicy;
import io.penstock.policy.UpstreamPolicy.HttpVersion;
import io.penstock.policy.UpstreamPolicy.Limits;
import io.penstock.policy.UpstreamPolicy.Retry;
import io.penstock.policy.UpstreamPolicy.Timeouts;
import io.penstock.policy.UpstreamPolicy.Tls;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Policies for tests: one upstream that is never retried, changed field by field. */
public record TestPolicy(
        String name,
        String url,
        Dialect dialect,
        CredentialsPolicy credentials,
        Timeouts timeouts,
        Limits limits,
        @Nullable Path ca,
        HttpVersion httpVersion) {

    public static TestPolicy of(String url) {
        return new TestPolicy(
                "primary",
                url,
                Dialect.OPENAI,
                new CredentialsPolicy.Passthrough(),
                new Timeouts(Duration.ofSeconds(5), Duration.ofSeconds(20), Duration.ofSeconds(20)),
                new Limits(16, 16),
                null,
                HttpVersion.AUTO);
    }

    public TestPolicy dialect(Dialect other) {
        return new TestPolicy(name, url, other, credentials, timeouts, limits, ca, httpVersion);
    }

    public TestPolicy credentials(CredentialsPolicy other) {
        return new TestPolicy(name, url, dialect, other, timeouts, limits, ca, httpVersion);
    }

    public TestPolicy limits(int connections, int pending) {
        return new TestPolicy(
                name, url, dialect, credentials, timeouts, new Limits(connections, pending), ca, httpVersion);
    }

    public TestPolicy ca(Path file) {
        return new TestPolicy(name, url, dialect, credentials, timeouts, limits, file, httpVersion);
    }

    public TestPolicy httpVersion(HttpVersion other) {
        return new TestPolicy(name, url, dialect, credentials, timeouts, limits, ca, other);
    }

    public UpstreamPolicy upstream() {
        return new UpstreamPolicy(
                name,
                URI.create(url),
                dialect,
                credentials,
                url,
                PolicyDefaults.KEY_REST,
                List.of(),
                timeouts,
                new Retry(0, Duration.ofMillis(1), Duration.ofMillis(1), PolicyDefaults.RETRY.budget()),
                PolicyDefaults.CIRCUIT,
                limits,
                new Tls(ca),
                httpVersion);
    }

    public RoutePolicy route() {
        return route(PolicyDefaults.MAX_REQUEST_BYTES, null, List.of());
    }

    /** A route with the dialect's name to this upstream alone. */
    public RoutePolicy route(long maxRequestBytes, @Nullable Integer maxInFlight, List<String> allowPaths) {
        return new RoutePolicy(
                dialect.label(),
                dialect,
                Duration.ofMinutes(1),
                List.of(new RoutePolicy.Target(name, 1, 1, List.of(), 0)),
                allowPaths,
                maxRequestBytes,
                maxInFlight,
                PolicyDefaults.MAX_RETRY_AFTER,
                PolicyDefaults.HOLD,
                Set.of(),
                RoutePolicy.WhenAllOpen.REFUSE);
    }

    public Policy policy() {
        return policy("test", route());
    }

    public Policy policy(String version, RoutePolicy... routes) {
        return new Policy(version, List.of(routes), List.of(upstream()), PolicyDefaults.RECORDS);
    }

    /** A source whose policy a test can change. */
    public static final class Source implements PolicySource {
        private final List<Consumer<Policy>> listeners = new ArrayList<>();
        private volatile Policy current;

        public Source(Policy first) {
            this.current = first;
        }

        public void change(Policy next) {
            listeners.forEach(listener -> listener.accept(next));
            current = next;
        }

        @Override
        public Policy current() {
            return current;
        }

        @Override
        public void onChange(Consumer<Policy> listener) {
            listeners.add(listener);
        }

        @Override
        public Status status() {
            return new Status("test", current.version(), Instant.EPOCH, List.of());
        }
    }
}
