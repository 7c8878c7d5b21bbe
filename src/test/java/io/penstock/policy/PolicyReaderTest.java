package io.penstock.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.classify.Category;
import io.penstock.dialect.Dialect;
import io.penstock.policy.RoutePolicy.Hold;
import io.penstock.policy.RoutePolicy.ModelMapping;
import io.penstock.policy.RoutePolicy.Target;
import io.penstock.policy.RoutePolicy.WhenAllOpen;
import io.penstock.policy.UpstreamPolicy.Budget;
import io.penstock.policy.UpstreamPolicy.Circuit;
import io.penstock.policy.UpstreamPolicy.CredentialsPolicy;
import io.penstock.policy.UpstreamPolicy.HttpVersion;
import io.penstock.policy.UpstreamPolicy.KeyRest;
import io.penstock.policy.UpstreamPolicy.Limits;
import io.penstock.policy.UpstreamPolicy.Probe;
import io.penstock.policy.UpstreamPolicy.Retry;
import io.penstock.policy.UpstreamPolicy.SecretRef;
import io.penstock.policy.UpstreamPolicy.Timeouts;
import io.penstock.policy.UpstreamPolicy.Tls;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PolicyReaderTest {
    private static final Path FILE = Path.of("/etc/penstock/penstock.yaml");
    private static final String UPSTREAM = """
            upstreams:
              - name: primary
                url: %s
                dialect: openai
            routes:
              - {name: openai, dialect: openai, upstreams: [{name: primary}]}
            """;

    private final PolicyReader reader = new PolicyReader(
            new KnownReferences(
                    Set.of("KEY_1"), Set.of(Path.of("/var/run/keys/b"), Path.of("/etc/penstock/ca/ca.pem"))),
            FILE);

    @Test
    void readsEveryKey() {
        Policy policy = valid("""
                routes:
                  - name: chat
                    dialect: anthropic
                    deadline: 5m
                    upstreams:
                      - {name: primary, priority: 3, weight: 7}
                      - {name: second, models: [{from: a, to: b}, {from: "4.1", to: c}], contextWindow: 1000000}
                    allowPaths: [/v1/files/*, /v1/x]
                    maxRequestBytes: 1MiB
                    maxInFlight: 9
                    maxRetryAfter: 1h
                    hold: {frames: 3, bytes: 4KiB, time: 5s}
                    failoverOn: [content_filter]
                    whenAllOpen: try
                upstreams:
                  - name: primary
                    url: https://Primary.example:8443/base/
                    dialect: anthropic
                    credentials: [{env: KEY_1}, {file: /var/run/keys/b}]
                    credentialGroup: mine
                    keyRest: {rateLimited: 1s, rejected: 2m, exhausted: 3h}
                    models: [m, "5"]
                    timeouts: {connect: 1ms, firstContent: 3s, idle: 4m}
                    retry: {attempts: 0, baseDelay: 1s, maxDelay: 1s, budget: {ratio: 0.5, minPerSecond: 1.5}}
                    circuit: {window: 5, failureRatio: 1, openFor: 2s, probes: 1, probe: {path: "/v1/models?limit=1", interval: 9s}}
                    limits: {connections: 1, pending: 0}
                    tls: {ca: ca/ca.pem}
                    http: http2
                  - {name: second, url: "http://second:80", dialect: anthropic, credentials: none, http: http1}
                rules: []
                records: {store: memory, capacity: 12}
                """);

        assertThat(policy.routes())
                .containsExactly(new RoutePolicy(
                        "chat",
                        Dialect.ANTHROPIC,
                        Duration.ofMinutes(5),
                        List.of(
                                new Target("primary", 3, 7, List.of(), 0),
                                new Target(
                                        "second",
                                        1,
                                        1,
                                        List.of(new ModelMapping("a", "b"), new ModelMapping("4.1", "c")),
                                        1_000_000)),
                        List.of("/v1/files/*", "/v1/x"),
                        1 << 20,
                        9,
                        Duration.ofHours(1),
                        new Hold(3, 4096, Duration.ofSeconds(5)),
                        Set.of(Category.CONTENT_FILTER),
                        WhenAllOpen.TRY));
        assertThat(policy.upstream("primary"))
                .isEqualTo(new UpstreamPolicy(
                        "primary",
                        URI.create("https://primary.example:8443/base"),
                        Dialect.ANTHROPIC,
                        new CredentialsPolicy.Keys(
                                List.of(new SecretRef.Env("KEY_1"), new SecretRef.File(Path.of("/var/run/keys/b")))),
                        "mine",
                        new KeyRest(Duration.ofSeconds(1), Duration.ofMinutes(2), Duration.ofHours(3)),
                        List.of("m", "5"),
                        new Timeouts(Duration.ofMillis(1), Duration.ofSeconds(3), Duration.ofMinutes(4)),
                        new Retry(0, Duration.ofSeconds(1), Duration.ofSeconds(1), new Budget(0.5, 1.5)),
                        new Circuit(
                                5, 1, Duration.ofSeconds(2), 1, new Probe("/v1/models?limit=1", Duration.ofSeconds(9))),
                        new Limits(1, 0),
                        new Tls(Path.of("/etc/penstock/ca/ca.pem")),
                        HttpVersion.HTTP_2));
        assertThat(policy.upstream("second").credentials()).isEqualTo(new CredentialsPolicy.None());
        assertThat(policy.upstream("second").models())
                .as("what routes map to is configured too")
                .containsExactly("b", "c");
        assertThat(policy.upstream("second").httpVersion()).isEqualTo(HttpVersion.HTTP_1_1);
        assertThat(policy.records()).isEqualTo(new RecordsPolicy(RecordsPolicy.Store.MEMORY, 12));
    }

    @Test
    void fillsInDefaults() {
        Policy policy = valid(UPSTREAM.formatted("https://api.example"));

        assertThat(policy.routes())
                .containsExactly(new RoutePolicy(
                        "openai",
                        Dialect.OPENAI,
                        Duration.ofMinutes(10),
                        List.of(new Target("primary", 1, 1, List.of(), 0)),
                        List.of(),
                        32 << 20,
                        null,
                        Duration.ofSeconds(60),
                        new Hold(64, 256 << 10, null),
                        Set.of(),
                        WhenAllOpen.REFUSE));
        assertThat(policy.upstreams())
                .containsExactly(new UpstreamPolicy(
                        "primary",
                        URI.create("https://api.example"),
                        Dialect.OPENAI,
                        new CredentialsPolicy.Passthrough(),
                        "https://api.example",
                        new KeyRest(Duration.ofSeconds(5), Duration.ofMinutes(1), Duration.ofHours(1)),
                        List.of(),
                        new Timeouts(Duration.ofSeconds(2), Duration.ofSeconds(60), Duration.ofSeconds(60)),
                        new Retry(2, Duration.ofMillis(200), Duration.ofSeconds(5), new Budget(0.2, 3)),
                        new Circuit(20, 0.5, Duration.ofSeconds(15), 2, null),
                        new Limits(256, 512),
                        new Tls(null),
                        HttpVersion.AUTO));
        assertThat(policy.records()).isEqualTo(new RecordsPolicy(RecordsPolicy.Store.MEMORY, 10_000));
    }

    @ParameterizedTest
    @CsvSource({
        "https://api.example/,          https://api.example,      https://api.example",
        "HTTPS://API.example:443/a/b/,  https://api.example/a/b,  https://api.example",
        "http://localhost:8080,         http://localhost:8080,    http://localhost:8080",
        "http://127.0.0.1:80/x,         http://127.0.0.1/x,       http://127.0.0.1",
        "'http://[::1]:8080',           'http://[::1]:8080',      'http://[::1]:8080'",
    })
    void namesTheCredentialGroupByTheOrigin(String written, String url, String group) {
        UpstreamPolicy upstream = valid(UPSTREAM.formatted("'" + written + "'")).upstream("primary");

        assertThat(upstream.url()).isEqualTo(URI.create(url));
        assertThat(upstream.credentialGroup()).isEqualTo(group);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"''", "'# nothing but a comment'", "'---'", "'~'", "'{}'", "'rules: []'"})
    void aFileWithoutRoutesKeepsTheBuiltInOnes(String yaml) {
        Policy policy = valid(yaml);

        assertThat(policy.routes()).isEqualTo(BuiltInPolicy.policy().routes());
        assertThat(policy.upstreams()).isEqualTo(BuiltInPolicy.policy().upstreams());
        assertThat(policy.version()).matches("[0-9a-f]{12}");
    }

    @Test
    void theBuiltInPolicyPassesEachVendorItsOwnKey() {
        Policy policy = BuiltInPolicy.policy();

        assertThat(policy.version()).isEqualTo("built-in");
        assertThat(policy.routes()).extracting(RoutePolicy::name).containsExactly("openai", "anthropic", "gemini");
        assertThat(policy.upstreams())
                .extracting(u -> u.url().toString())
                .containsExactly(
                        "https://api.openai.com",
                        "https://api.anthropic.com",
                        "https://generativelanguage.googleapis.com");
        assertThat(policy.upstreams())
                .allSatisfy(u -> assertThat(u.credentials()).isEqualTo(new CredentialsPolicy.Passthrough()));
    }

    @Test
    void anUpstreamReplacesTheBuiltInOneOfItsName() {
        Policy policy = valid("""
                upstreams:
                  - {name: gemini, url: "https://proxy.example", dialect: gemini, credentials: [{env: KEY_1}]}
                """);

        assertThat(policy.routes()).isEqualTo(BuiltInPolicy.policy().routes());
        assertThat(policy.upstreams())
                .extracting(UpstreamPolicy::name)
                .containsExactly("openai", "anthropic", "gemini");
        assertThat(policy.upstream("gemini").url()).isEqualTo(URI.create("https://proxy.example"));
    }

    @Test
    void aliasesStandForWhatTheyName() {
        Policy policy = valid("""
                upstreams:
                  - {name: a, url: "https://a.example", dialect: openai, timeouts: &slow {idle: 5m}}
                  - {name: b, url: "https://b.example", dialect: openai, credentials: none, timeouts: *slow}
                routes:
                  - {name: r, dialect: openai, upstreams: [{name: a}, {name: b}]}
                """);

        assertThat(policy.upstream("b").timeouts().idle()).isEqualTo(Duration.ofMinutes(5));
    }

    @Test
    void oneKeyMayServeUpstreamsThatAreSaidToBeOfOneGroup() {
        Policy policy = valid("""
                upstreams:
                  - {name: a, url: "https://a.example", dialect: openai, credentialGroup: ours}
                  - {name: b, url: "https://b.example", dialect: openai, credentialGroup: ours}
                  - {name: c, url: "https://c.example", dialect: openai, credentials: [{env: KEY_1}]}
                routes:
                  - {name: r, dialect: openai, upstreams: [{name: a}, {name: b}, {name: c}]}
                """);

        assertThat(policy.routes().get(0).targets()).hasSize(3);
    }

    @Test
    void theVersionIsTheHashOfTheBytes() {
        byte[] content = "rules: []\n".getBytes(StandardCharsets.UTF_8);

        assertThat(((PolicyReading.Valid) reader.read(content)).policy().version())
                .isEqualTo("e0dfa70eb69d");
    }

    @Test
    void aByteOrderMarkIsNoProblem() {
        assertThat(valid("\uFEFFrules: []").routes()).hasSize(3);
    }

    private Policy valid(String yaml) {
        PolicyReading reading = reader.read(yaml);
        assertThat(reading).isInstanceOf(PolicyReading.Valid.class);
        PolicyReading.Valid valid = (PolicyReading.Valid) reading;
        assertThat(valid.warnings()).isEmpty();
        return valid.policy();
    }
}
