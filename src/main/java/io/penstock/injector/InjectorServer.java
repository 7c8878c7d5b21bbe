package io.penstock.injector;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.penstock.policy.Role;
import io.penstock.telemetry.InjectorMeters;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.health.api.HealthRegistry;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Starts and stops what makes up the injector, where this process is one. */
@ApplicationScoped
public class InjectorServer {
    private static final Logger LOG = Logger.getLogger(InjectorServer.class);

    private final Vertx vertx;
    private final ObjectMapper json;
    private final Config config;
    private final Instance<InjectorMeters> meters;
    private final HealthRegistry health;

    private @Nullable WebhookServer webhook;
    private @Nullable ClusterLink cluster;
    private boolean versionMatters;
    private volatile boolean stopping;

    /** @param meters looked up by an injector only, so that a gateway does not have them */
    public InjectorServer(
            Vertx vertx,
            ObjectMapper json,
            Config config,
            Instance<InjectorMeters> meters,
            @Readiness HealthRegistry health) {
        this.vertx = vertx;
        this.json = json;
        this.config = config;
        this.meters = meters;
        this.health = health;
    }

    void start(@Observes StartupEvent event) {
        if (config.getOptionalValue(Role.PROPERTY, Role.class).orElse(Role.GATEWAY) != Role.INJECTOR) {
            return;
        }
        SettingsReader.Outcome outcome = SettingsReader.read(Path.of(value("config", SettingsReader.DEFAULT_PLACE)));
        if (!(outcome instanceof SettingsReader.Outcome.Good good)) {
            // The command has judged the file before it started Quarkus.
            throw new IllegalStateException("the injector's settings changed while it started");
        }
        start(good.settings());
    }

    private void start(InjectorSettings settings) {
        InjectorMeters found = meters.get();
        found.injections(results());
        if (settings.policy().source() != null) {
            found.copies(PolicyKeeper.RESULTS);
        }
        Optional<ServiceAccount> account = ServiceAccount.of(
                System.getenv(), Path.of(value("service-account", "/var/run/secrets/kubernetes.io/serviceaccount")));
        versionMatters = settings.sidecar().nativeSidecar() == InjectorSettings.NativeSidecar.AUTO;
        if (account.isPresent()) {
            ClusterLink link = new ClusterLink(settings, new Kubernetes(account.get(), json), json, found);
            link.start();
            cluster = link;
        } else {
            LOG.warn("KUBERNETES_SERVICE_HOST is not set: not in a cluster, so no policies are kept");
        }
        AdmissionEndpoint endpoint = new AdmissionEndpoint(
                vertx, json, new Injection(settings, value("quarkus.application.version")), this::version, found);
        WebhookServer server = new WebhookServer(
                vertx,
                new ServingCertificate(Path.of(value("tls", "/var/run/penstock/tls")), vertx),
                endpoint,
                value("host", "0.0.0.0"),
                config.getOptionalValue("penstock.injector.port", Integer.class).orElse(8443));
        server.start(duration("tls-poll-interval", Duration.ofSeconds(5)));
        webhook = server;
        health.register("penstock-injector", this::readiness);
    }

    /**
     * The API server learns late that this one is going, so it is served for a while longer: a call that fails would let a
     * pod in without its sidecar.
     */
    void stop(@Observes ShutdownEvent event) {
        WebhookServer server = webhook;
        if (server == null) {
            return;
        }
        stopping = true;
        try {
            boolean ignored = new CountDownLatch(1)
                    .await(duration("drain", Duration.ofSeconds(5)).toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        server.stop();
        if (cluster != null) {
            cluster.stop();
        }
    }

    private HealthCheckResponse readiness() {
        List<String> obstacles = new ArrayList<>();
        WebhookServer server = webhook;
        if (stopping) {
            obstacles.add("is stopping");
        }
        if (server != null && !server.obstacle().isEmpty()) {
            obstacles.add("the certificate " + server.obstacle());
        }
        if (versionMatters && version().equals(ClusterVersion.UNKNOWN)) {
            obstacles.add("the API server's version is not known: is the API reachable?");
        }
        return HealthCheckResponse.named("penstock-injector")
                .status(obstacles.isEmpty())
                .withData(
                        "cluster_version",
                        version().equals(ClusterVersion.UNKNOWN)
                                ? "unknown"
                                : version().toString())
                .withData("obstacles", obstacles.isEmpty() ? "none" : String.join("; ", obstacles))
                .build();
    }

    private ClusterVersion version() {
        ClusterVersion known = cluster == null ? null : cluster.version();
        return known == null ? ClusterVersion.UNKNOWN : known;
    }

    private static List<String> results() {
        return Stream.concat(
                        Stream.of(InjectionDecision.INJECTED, InjectionDecision.UNCHANGED, AdmissionEndpoint.ERROR),
                        Stream.of(SkipReason.values()).map(SkipReason::label))
                .toList();
    }

    private Duration duration(String name, Duration otherwise) {
        return config.getOptionalValue("penstock.injector." + name, Duration.class)
                .orElse(otherwise);
    }

    private String value(String name, String otherwise) {
        return config.getOptionalValue("penstock.injector." + name, String.class)
                .orElse(otherwise);
    }

    private String value(String property) {
        return config.getValue(property, String.class);
    }
}
