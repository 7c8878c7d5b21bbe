package io.penstock.upstream;

import io.penstock.dialect.Dialect;
import io.penstock.policy.UpstreamPolicy;
import io.penstock.policy.UpstreamPolicy.HttpVersion;
import io.penstock.policy.UpstreamPolicy.Probe;
import io.quarkus.rest.client.reactive.QuarkusRestClientBuilder;
import io.smallrye.mutiny.Uni;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import jakarta.ws.rs.client.ClientRequestContext;
import jakarta.ws.rs.client.ClientRequestFilter;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.client.api.QuarkusRestClientProperties;
import org.jspecify.annotations.Nullable;

/**
 * Asks an upstream, through a REST client of its own, whether it is well: with a key of the upstream's own that is ready, if
 * it has any, and trusting whom the upstream's policy trusts.
 */
final class RestProbe {
    /** Which version of its API Anthropic wants to be told; any that exists will do. */
    private static final String ANTHROPIC_VERSION = "2023-06-01";

    private static final Logger LOG = Logger.getLogger(RestProbe.class);

    private final ProbeApi api;

    /** @throws RuntimeException where the policy's certificate authorities cannot be read */
    RestProbe(UpstreamPolicy policy, Probe probe, @Nullable KeyPool keys) {
        QuarkusRestClientBuilder builder = QuarkusRestClientBuilder.newBuilder()
                .baseUri(URI.create(policy.url() + probe.path()))
                .connectTimeout(policy.timeouts().connect().toMillis(), TimeUnit.MILLISECONDS)
                .readTimeout(probe.interval().toMillis(), TimeUnit.MILLISECONDS)
                .followRedirects(false)
                .property(QuarkusRestClientProperties.HTTP2, policy.httpVersion() == HttpVersion.HTTP_2)
                .register(new Identification(policy, keys));
        if (policy.tls().ca() != null) {
            builder.trustStore(trustStore(policy.tls().ca()));
        }
        this.api = builder.build(ProbeApi.class);
    }

    /** Succeeds where the upstream answers with a 2xx, and fails otherwise. Cancelling it ends the exchange. */
    Uni<Void> ask() {
        return api.ask().toUni().replaceWithVoid();
    }

    /** Closes the connections. */
    void close() {
        if (api instanceof Closeable client) {
            try {
                client.close();
            } catch (IOException e) {
                LOG.debug("a probe's client could not be closed", e);
            }
        }
    }

    private static KeyStore trustStore(Path authorities) {
        try (InputStream pem = Files.newInputStream(authorities)) {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            int number = 0;
            for (Certificate certificate :
                    CertificateFactory.getInstance("X.509").generateCertificates(pem)) {
                store.setCertificateEntry("ca-" + number++, certificate);
            }
            return store;
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException("cannot read the certificate authorities in " + authorities, e);
        }
    }

    /** Adds to a request what says who asks. The key is looked up each time: it may have been replaced. */
    private static final class Identification implements ClientRequestFilter {
        private final UpstreamPolicy policy;
        private final @Nullable KeyPool keys;

        Identification(UpstreamPolicy policy, @Nullable KeyPool keys) {
            this.policy = policy;
            this.keys = keys;
        }

        @Override
        public void filter(ClientRequestContext request) {
            MultiMap headers = HttpHeaders.headers();
            if (policy.dialect() == Dialect.ANTHROPIC) {
                headers.set("anthropic-version", ANTHROPIC_VERSION);
            }
            if (keys != null) {
                keys.anyReady().ifPresent(key -> key.applyTo(headers, policy.dialect(), policy.url()));
            }
            headers.forEach(header -> request.getHeaders().putSingle(header.getKey(), header.getValue()));
        }
    }
}
