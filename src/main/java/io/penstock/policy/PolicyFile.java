package io.penstock.policy;

import io.quarkus.runtime.PreventFurtherStepsException;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * The policy file that this process runs by: {@code penstock.policy} ({@code PENSTOCK_POLICY}), else
 * {@code /etc/penstock/penstock.yaml} where it exists, else the built-in policy. Looked at every
 * {@code penstock.policy-poll-interval} from a thread of its own.
 */
@Singleton
public class PolicyFile implements PolicySource {
    private static final Logger LOG = Logger.getLogger(PolicyFile.class);

    private final LivePolicy live;
    private final Duration pollInterval;
    private final Role role;
    private final ScheduledExecutorService poller;

    /**
     * Reads the file, so that nothing else starts where it is wrong.
     *
     * @param reloadListeners looked up at the first reload only: they may themselves depend on the policy
     * @throws InvalidPolicyException where the file is wrong
     */
    PolicyFile(
            @ConfigProperty(name = "penstock.policy") Optional<String> place,
            @ConfigProperty(name = "penstock.policy-poll-interval", defaultValue = "2s") Duration pollInterval,
            @ConfigProperty(name = Role.PROPERTY, defaultValue = "gateway") Role role,
            @Any Instance<ReloadListener> reloadListeners) {
        PolicyPlace policyPlace = PolicyPlace.of(place);
        this.live = open(policyPlace, reloadListeners);
        this.pollInterval = pollInterval;
        this.role = role;
        this.poller = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "penstock-policy");
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Early, so that a wrong file stops the start before a port is open. */
    void start(@Observes @Priority(100) StartupEvent event) {
        if (role != Role.GATEWAY) {
            return;
        }
        long millis = Math.max(1, pollInterval.toMillis());
        var unused = poller.scheduleWithFixedDelay(this::poll, millis, millis, TimeUnit.MILLISECONDS);
    }

    @PreDestroy
    void stop() {
        poller.shutdownNow();
    }

    @Override
    public Policy current() {
        return live.current();
    }

    @Override
    public void onChange(Consumer<Policy> listener) {
        live.onChange(listener);
    }

    @Override
    public Status status() {
        return live.status();
    }

    private static LivePolicy open(PolicyPlace place, Iterable<ReloadListener> reloadListeners) {
        try {
            return new LivePolicy(
                    place, place::content, LocalReferences.ofThisProcess(), reloadListeners, Clock.systemUTC());
        } catch (InvalidPolicyException e) {
            // Of a failed start with such a root cause, Quarkus prints the message alone and exits with the code.
            e.initCause(new PreventFurtherStepsException(e.getMessage(), 1));
            throw e;
        }
    }

    /** An exception would end the schedule. */
    private void poll() {
        try {
            live.poll();
        } catch (RuntimeException e) {
            LOG.error("the policy file could not be looked at", e);
        }
    }
}
