package io.penstock.telemetry;

import io.penstock.dialect.Dialect;
import io.penstock.policy.Policy;
import io.penstock.policy.PolicyDefaults;
import io.penstock.policy.RecordsPolicy;
import io.penstock.policy.RoutePolicy;
import io.penstock.policy.RoutePolicy.ModelMapping;
import io.penstock.policy.RoutePolicy.Target;
import io.penstock.policy.UpstreamPolicy;
import io.penstock.policy.UpstreamPolicy.CredentialsPolicy;
import io.penstock.policy.UpstreamPolicy.HttpVersion;
import io.penstock.policy.UpstreamPolicy.SecretRef;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** Policies for tests. */
public final class SamplePolicy {
    private SamplePolicy() {}

    /** Route {@code openai}, from {@code primary} to {@code azure}, which has keys. */
    public static Policy twoUpstreams(String version) {
        return new Policy(
                version,
                List.of(route("openai", new Target("primary", 1, 1, List.of(), 0), azure())),
                List.of(
                        upstream("primary", new CredentialsPolicy.Passthrough()),
                        upstream(
                                "azure",
                                new CredentialsPolicy.Keys(List.of(
                                        new SecretRef.Env("AZURE_KEY"), new SecretRef.File(Path.of("/keys/b")))),
                                "gpt-5-prod")),
                new RecordsPolicy(RecordsPolicy.Store.MEMORY, 1_000));
    }

    /** Route {@code name} to an upstream of the same name. */
    public static Policy one(String version, String name) {
        return new Policy(
                version,
                List.of(route(name, new Target(name, 1, 1, List.of(), 0))),
                List.of(upstream(name, new CredentialsPolicy.None())),
                new RecordsPolicy(RecordsPolicy.Store.MEMORY, 1_000));
    }

    private static Target azure() {
        return new Target("azure", 2, 1, List.of(new ModelMapping("gpt-5", "gpt-5-prod")), 0);
    }

    private static RoutePolicy route(String name, Target... targets) {
        return new RoutePolicy(
                name,
                Dialect.OPENAI,
                Duration.ofMinutes(10),
                List.of(targets),
                List.of(),
                32L << 20,
                null,
                Duration.ofSeconds(60),
                PolicyDefaults.HOLD,
                Set.of(),
                RoutePolicy.WhenAllOpen.REFUSE);
    }

    private static UpstreamPolicy upstream(String name, CredentialsPolicy credentials, String... models) {
        return new UpstreamPolicy(
                name,
                URI.create("https://user:secret@api." + name + ".example:8443/base?key=secret"),
                Dialect.OPENAI,
                credentials,
                name,
                PolicyDefaults.KEY_REST,
                List.of(models),
                new UpstreamPolicy.Timeouts(Duration.ofSeconds(2), Duration.ofSeconds(60), Duration.ofMillis(1500)),
                new UpstreamPolicy.Retry(
                        2, Duration.ofMillis(200), Duration.ofSeconds(5), new UpstreamPolicy.Budget(0.2, 3)),
                new UpstreamPolicy.Circuit(20, 0.5, Duration.ofSeconds(15), 2, null),
                new UpstreamPolicy.Limits(256, 512),
                new UpstreamPolicy.Tls(null),
                HttpVersion.AUTO);
    }
}
