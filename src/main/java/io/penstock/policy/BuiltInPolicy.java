package io.penstock.policy;

import io.penstock.dialect.Dialect;
import io.penstock.policy.RoutePolicy.Target;
import io.penstock.policy.RoutePolicy.WhenAllOpen;
import io.penstock.policy.UpstreamPolicy.CredentialsPolicy;
import io.penstock.policy.UpstreamPolicy.HttpVersion;
import io.penstock.policy.UpstreamPolicy.Tls;
import java.net.URI;
import java.util.List;
import java.util.Set;

/** What is in force without a policy file: a route to each vendor, the application's credentials passed through. */
public final class BuiltInPolicy {
    public static final String VERSION = "built-in";

    private BuiltInPolicy() {}

    public static Policy policy() {
        return new Policy(VERSION, routes(), upstreams(), PolicyDefaults.RECORDS);
    }

    static List<RoutePolicy> routes() {
        return upstreams().stream()
                .map(upstream -> new RoutePolicy(
                        upstream.name(),
                        upstream.dialect(),
                        PolicyDefaults.DEADLINE,
                        List.of(new Target(
                                upstream.name(), PolicyDefaults.PRIORITY, PolicyDefaults.WEIGHT, List.of(), 0)),
                        List.of(),
                        PolicyDefaults.MAX_REQUEST_BYTES,
                        null,
                        PolicyDefaults.MAX_RETRY_AFTER,
                        PolicyDefaults.HOLD,
                        Set.of(),
                        WhenAllOpen.REFUSE))
                .toList();
    }

    static List<UpstreamPolicy> upstreams() {
        return List.of(
                vendor(Dialect.OPENAI, "https://api.openai.com"),
                vendor(Dialect.ANTHROPIC, "https://api.anthropic.com"),
                vendor(Dialect.GEMINI, "https://generativelanguage.googleapis.com"));
    }

    private static UpstreamPolicy vendor(Dialect dialect, String url) {
        return new UpstreamPolicy(
                dialect.label(),
                URI.create(url),
                dialect,
                new CredentialsPolicy.Passthrough(),
                url,
                PolicyDefaults.KEY_REST,
                List.of(),
                PolicyDefaults.TIMEOUTS,
                PolicyDefaults.RETRY,
                PolicyDefaults.CIRCUIT,
                PolicyDefaults.LIMITS,
                new Tls(null),
                HttpVersion.AUTO);
    }
}
