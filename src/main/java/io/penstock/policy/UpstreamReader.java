package io.penstock.policy;

import io.penstock.dialect.Dialect;
import io.penstock.policy.UpstreamPolicy.Budget;
import io.penstock.policy.UpstreamPolicy.Circuit;
import io.penstock.policy.UpstreamPolicy.CredentialsPolicy;
import io.penstock.policy.UpstreamPolicy.HttpVersion;
import io.penstock.policy.UpstreamPolicy.KeyRest;
import io.penstock.policy.UpstreamPolicy.Limits;
import io.penstock.policy.UpstreamPolicy.Probe;
import io.penstock.policy.UpstreamPolicy.Retry;
import io.penstock.policy.UpstreamPolicy.Timeouts;
import io.penstock.policy.UpstreamPolicy.Tls;
import java.net.URI;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads one element of {@code upstreams}. */
final class UpstreamReader {
    private static final Map<String, HttpVersion> HTTP_VERSIONS =
            Choices.of("auto", HttpVersion.AUTO, "http1", HttpVersion.HTTP_1_1, "http2", HttpVersion.HTTP_2);

    private static final Set<String> SCOPES = Set.of(UpstreamPolicy.WHOLE_UPSTREAM, UpstreamPolicy.OTHER_MODELS);

    private final References references;
    private final Path policyFile;
    private final Problems problems;

    UpstreamReader(References references, Path policyFile, Problems problems) {
        this.references = references;
        this.policyFile = policyFile;
        this.problems = problems;
    }

    /** The upstream, or null where something of it is not as it must be; then {@code problems} say what. */
    @Nullable
    UpstreamPolicy read(String name, Section section) {
        int errors = problems.errors();
        Value url = section.required("url", "https://api.openai.com");
        URI uri = url == null ? null : UpstreamUrl.read(url);
        Value dialectValue = section.required("dialect", "openai");
        Dialect dialect = dialectValue == null ? null : dialectValue.choice(Choices.RELAYED_DIALECTS);
        var credentials = new CredentialsReader(references, policyFile).read(section.get("credentials"));
        Value groupValue = section.get("credentialGroup");
        String group = groupValue == null ? null : groupValue.text();
        KeyRest keyRest = keyRest(section.section("keyRest", Keys.KEY_REST));
        Value rest = section.get("keyRest");
        if (rest != null && !(credentials instanceof CredentialsPolicy.Keys)) {
            rest.warning("has no effect: the upstream has no keys of Penstock's own");
        }
        List<String> models = models(section.elements("models"));
        Timeouts timeouts = timeouts(section.section("timeouts", Keys.TIMEOUTS));
        Retry retry = retry(section.section("retry", Keys.RETRY));
        Circuit circuit = circuit(section.section("circuit", Keys.CIRCUIT), credentials);
        Limits limits = limits(section.section("limits", Keys.LIMITS));
        Tls tls = tls(section.section("tls", Keys.TLS), uri);
        HttpVersion http = section.choice("http", HttpVersion.AUTO, HTTP_VERSIONS);
        if (uri == null || dialect == null || problems.errors() > errors) {
            return null;
        }
        String credentialGroup = group == null ? UpstreamUrl.origin(uri) : group;
        return new UpstreamPolicy(
                name,
                uri,
                dialect,
                credentials,
                credentialGroup,
                keyRest,
                models,
                timeouts,
                retry,
                circuit,
                limits,
                tls,
                http);
    }

    private static KeyRest keyRest(Section section) {
        KeyRest defaults = PolicyDefaults.KEY_REST;
        return new KeyRest(
                section.duration("rateLimited", defaults.rateLimited()),
                section.duration("rejected", defaults.rejected()),
                section.duration("exhausted", defaults.exhausted()));
    }

    private static List<String> models(List<Value> elements) {
        Set<String> models = new LinkedHashSet<>();
        for (Value element : elements) {
            String model = element.text();
            if (model != null && SCOPES.contains(model)) {
                element.error("found " + Value.shown(model) + ", which is no model's name but a metric's word for what"
                        + " a circuit covers: leave it out");
            } else if (model != null && !models.add(model)) {
                element.error("names " + Value.shown(model) + " a second time: remove one of them");
            }
        }
        return List.copyOf(models);
    }

    private static Timeouts timeouts(Section section) {
        Timeouts defaults = PolicyDefaults.TIMEOUTS;
        return new Timeouts(
                section.duration("connect", defaults.connect()),
                section.duration("firstContent", defaults.firstContent()),
                section.duration("idle", defaults.idle()));
    }

    private Retry retry(Section section) {
        Retry defaults = PolicyDefaults.RETRY;
        Section budget = section.section("budget", Keys.BUDGET);
        Retry retry = new Retry(
                section.integer("attempts", defaults.attempts(), 0, 10),
                section.duration("baseDelay", defaults.baseDelay()),
                section.duration("maxDelay", defaults.maxDelay()),
                new Budget(
                        budget.number("ratio", defaults.budget().ratio(), 0, 10),
                        budget.number("minPerSecond", defaults.budget().minPerSecond(), 0, 1_000)));
        if (retry.baseDelay().compareTo(retry.maxDelay()) > 0) {
            problems.error(
                    section.place(),
                    "baseDelay is longer than maxDelay (which is "
                            + PolicyDefaults.RETRY.maxDelay().toSeconds() + "s where it is left out): raise maxDelay");
        }
        return retry;
    }

    private static Circuit circuit(Section section, CredentialsPolicy credentials) {
        Circuit defaults = PolicyDefaults.CIRCUIT;
        return new Circuit(
                section.integer("window", defaults.window(), 1, 10_000),
                section.number("failureRatio", defaults.failureRatio(), 0.01, 1),
                section.duration("openFor", defaults.openFor()),
                section.integer("probes", defaults.probes(), 1, 100),
                probe(section.get("probe"), credentials));
    }

    private static @Nullable Probe probe(@Nullable Value value, CredentialsPolicy credentials) {
        Section section = value == null ? null : value.section(Keys.PROBE);
        Value place = section == null ? null : section.required("path", "/v1/models");
        String path = place == null ? null : place.text();
        if (value == null || section == null || place == null || path == null) {
            return null;
        }
        if (!path.matches("/[!-~&&[^#]]*")) {
            place.error("found " + Value.shown(path) + ", expected a path that starts with /, such as /v1/models");
        }
        if (credentials instanceof CredentialsPolicy.Passthrough) {
            value.warning("carries no key, because the upstream's credentials are the application's: only a path that"
                    + " answers without one can close the circuit");
        }
        return new Probe(path, section.duration("interval", PolicyDefaults.PROBE_INTERVAL));
    }

    private static Limits limits(Section section) {
        Limits defaults = PolicyDefaults.LIMITS;
        return new Limits(
                section.integer("connections", defaults.connections(), 1, 10_000),
                section.integer("pending", defaults.pending(), 0, 100_000));
    }

    private Tls tls(Section section, @Nullable URI uri) {
        Value ca = section.get("ca");
        Path path = ca == null ? null : FileReference.path(ca, policyFile);
        if (ca == null || path == null) {
            return new Tls(null);
        }
        references.certificates(path).ifPresent(trouble -> ca.error("CA file " + path + " " + trouble));
        if (uri != null && uri.getScheme().equals("http")) {
            ca.warning("has no effect: the upstream's url is http, not https");
        }
        return new Tls(path);
    }
}
