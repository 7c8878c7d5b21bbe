package io.penstock.injector;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.penstock.telemetry.InjectorMeters;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The injector's threads that talk to the cluster: one keeps its version, one for each view of the policy keeper, one that
 * acts on what they see. Each does its round again and again, with a growing pause after rounds that went wrong.
 */
final class ClusterLink {
    private static final Logger LOG = Logger.getLogger(ClusterLink.class);

    /** Clusters are upgraded while the injector runs. */
    private static final Duration VERSION_AGE = Duration.ofMinutes(5);

    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(500);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    private final Kubernetes kubernetes;
    private final @Nullable PolicyKeeper keeper;
    private final Semaphore changes = new Semaphore(0);
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final List<Thread> threads = new ArrayList<>();
    private volatile @Nullable ClusterVersion version;

    ClusterLink(InjectorSettings settings, Kubernetes kubernetes, ObjectMapper json, InjectorMeters meters) {
        this.kubernetes = kubernetes;
        InjectorSettings.Source source = settings.policy().source();
        this.keeper =
                source == null ? null : new PolicyKeeper(settings, source, kubernetes, json, meters, changes::release);
    }

    void start() {
        run("version", this::keepVersion);
        PolicyKeeper present = keeper;
        if (present != null) {
            run("policies", () -> keepPolicies(present));
            present.views().forEach(view -> run("watch", view::round));
        }
    }

    void stop() {
        stopped.countDown();
        threads.forEach(Thread::interrupt);
    }

    /** The API server's version, or null as long as it has not been heard. */
    @Nullable
    ClusterVersion version() {
        return version;
    }

    private boolean keepVersion() {
        Kubernetes.Answer answer = kubernetes.call((api, bearer) -> api.version(bearer));
        if (!(answer instanceof Kubernetes.Answer.Found found)) {
            LOG.warnf("the API server's version could not be read: %s", answer);
            return false;
        }
        ClusterVersion read = ClusterVersion.of(
                        found.body().path("major").asText(),
                        found.body().path("minor").asText())
                .orElse(null);
        if (read == null) {
            LOG.warn("the API server's version is no version");
            return false;
        }
        if (!read.equals(version)) {
            LOG.infof("the API server is at version %s", read);
        }
        version = read;
        return !pause(VERSION_AGE);
    }

    private boolean keepPolicies(PolicyKeeper present) {
        present.refreshOwner();
        boolean fine = present.reconcile();
        try {
            // Every change is acted on; without any, all is looked over now and then, whatever the watches may have
            // missed.
            while (fine && changes.tryAcquire(VERSION_AGE.toSeconds(), TimeUnit.SECONDS)) {
                changes.drainPermits();
                fine = present.reconcile();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return fine;
    }

    private void run(String name, BooleanSupplier round) {
        Thread thread = new Thread(() -> repeat(round), "penstock-" + name);
        thread.setDaemon(true);
        threads.add(thread);
        thread.start();
    }

    private void repeat(BooleanSupplier round) {
        Duration next = SHORTEST_PAUSE;
        while (stopped.getCount() > 0) {
            boolean fine = false;
            try {
                fine = round.getAsBoolean();
            } catch (RuntimeException e) {
                LOG.error("talking to the cluster failed", e);
            }
            if (fine) {
                next = SHORTEST_PAUSE;
            } else if (pause(next.plusMillis(ThreadLocalRandom.current().nextLong(next.toMillis())))) {
                return;
            } else {
                Duration doubled = next.multipliedBy(2);
                next = doubled.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : doubled;
            }
        }
    }

    /** Waits, and says whether it is time to end. */
    private boolean pause(Duration duration) {
        try {
            return stopped.await(duration.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }
}
