package io.penstock.policy;

import io.penstock.dialect.Dialect;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One place that serves models.
 *
 * @param url scheme, host, port and an optional base path
 * @param credentialGroup upstreams to which the same application key may be sent
 * @param keyRest how long a key of Penstock's own rests
 * @param models the models that are told apart at this upstream, by its own names for them: those that it declares and
 *     those to which routes map; all others are taken together
 */
public record UpstreamPolicy(
        String name,
        URI url,
        Dialect dialect,
        CredentialsPolicy credentials,
        String credentialGroup,
        KeyRest keyRest,
        List<String> models,
        Timeouts timeouts,
        Retry retry,
        Circuit circuit,
        Limits limits,
        Tls tls,
        HttpVersion httpVersion) {

    /** The scope of the circuit that covers an upstream with all its models. */
    public static final String WHOLE_UPSTREAM = "upstream";
    /** The scope of the circuit that the models share which are not told apart. */
    public static final String OTHER_MODELS = "other";

    /** The same upstream with further models, each once, in order. */
    UpstreamPolicy withModels(Collection<String> more) {
        List<String> all =
                Stream.concat(models.stream(), more.stream()).distinct().toList();
        return new UpstreamPolicy(
                name,
                url,
                dialect,
                credentials,
                credentialGroup,
                keyRest,
                all,
                timeouts,
                retry,
                circuit,
                limits,
                tls,
                httpVersion);
    }

    /** Whose credential an attempt carries. */
    public sealed interface CredentialsPolicy {

        /** The application's own. */
        record Passthrough() implements CredentialsPolicy {}

        /** None: the upstream asks for none, and the application's is not for it. */
        record None() implements CredentialsPolicy {}

        /** Penstock's own keys, by reference; at least one. */
        record Keys(List<SecretRef> refs) implements CredentialsPolicy {}
    }

    /** Where a secret is to be found; never the secret itself. */
    public sealed interface SecretRef {

        record Env(String name) implements SecretRef {}

        record File(Path path) implements SecretRef {}
    }

    /**
     * How long a key of Penstock's own rests after a failure that is held against it.
     *
     * @param rateLimited where the provider names no time; doubles with each time in a row
     * @param rejected until it is tried again; doubles with each time in a row
     * @param exhausted where the provider names no reset
     */
    public record KeyRest(Duration rateLimited, Duration rejected, Duration exhausted) {}

    /**
     * The waits that are bounded on the way to an answer.
     *
     * @param connect for TCP and TLS together
     * @param firstContent from sending the request to the first content of the answer
     * @param idle between two chunks of the answer
     */
    public record Timeouts(Duration connect, Duration firstContent, Duration idle) {}

    /**
     * How often and how soon the same upstream is asked again.
     *
     * @param attempts how often the same upstream is asked again at most
     * @param baseDelay the first backoff's upper bound
     * @param maxDelay the cap of the backoff's upper bound
     */
    public record Retry(int attempts, Duration baseDelay, Duration maxDelay, Budget budget) {}

    /**
     * Bounds retries by traffic, so that an outage is not amplified.
     *
     * @param ratio retries allowed per request
     * @param minPerSecond retries allowed whatever the traffic
     */
    public record Budget(double ratio, double minPerSecond) {}

    /**
     * When the circuit opens and closes.
     *
     * @param window how many outcomes are remembered, and how many must be there before the circuit can open
     * @param failureRatio the share of failures at which it opens
     * @param openFor how long it stays open
     * @param probes how many half-open successes close it
     * @param probe how it may be closed early, or null
     */
    public record Circuit(
            int window,
            double failureRatio,
            Duration openFor,
            int probes,
            @Nullable Probe probe) {}

    /**
     * A request of Penstock's own that asks whether an upstream is well again.
     *
     * @param path below the upstream's base path
     * @param interval the wait before each
     */
    public record Probe(String path, Duration interval) {}

    /**
     * What may be open to the upstream, and wait for it, at once.
     *
     * @param connections per HTTP/1.1 pool
     * @param pending requests that may wait for a connection
     */
    public record Limits(int connections, int pending) {}

    /**
     * How the upstream's certificate is verified.
     *
     * @param ca a PEM file of certificate authorities that replaces the system's, or null
     */
    public record Tls(@Nullable Path ca) {}

    /** What is spoken to the upstream. */
    public enum HttpVersion {
        /** Over TLS the better of both by ALPN; HTTP/1.1 in the clear. */
        AUTO,
        HTTP_1_1,
        /** Over TLS by ALPN; in the clear with prior knowledge. */
        HTTP_2
    }
}
