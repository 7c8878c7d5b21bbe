package io.penstock.upstream;

import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/** Looks at the files that hold keys as often as at the policy file, from a thread of its own. */
@Singleton
public class KeyFiles {
    private static final Logger LOG = Logger.getLogger(KeyFiles.class);

    private final Upstreams upstreams;
    private final Duration pollInterval;
    private final ScheduledExecutorService poller;

    KeyFiles(
            Upstreams upstreams,
            @ConfigProperty(name = "penstock.policy-poll-interval", defaultValue = "2s") Duration pollInterval) {
        this.upstreams = upstreams;
        this.pollInterval = pollInterval;
        this.poller = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "penstock-keys");
            thread.setDaemon(true);
            return thread;
        });
    }

    void start(@Observes StartupEvent event) {
        long millis = Math.max(1, pollInterval.toMillis());
        var unused = poller.scheduleWithFixedDelay(this::poll, millis, millis, TimeUnit.MILLISECONDS);
    }

    @PreDestroy
    void stop() {
        poller.shutdownNow();
    }

    /** An exception would end the schedule. */
    private void poll() {
        try {
            upstreams.lookAtKeys();
        } catch (RuntimeException e) {
            LOG.error("the files that hold keys could not be looked at", e);
        }
    }
}
