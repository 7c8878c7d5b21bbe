package io.penstock.upstream;

import io.penstock.breaker.CircuitListener;
import io.penstock.breaker.CircuitState;
import io.penstock.policy.UpstreamPolicy;
import java.util.List;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * What follows from the transitions of one upstream's circuits while the upstream is in force: a log line, the listeners,
 * the active probe. Afterwards interceptions that began before may still move the circuits; that is nobody's business any
 * more, least of all that of the upstream which has taken the name. Thread-safe.
 */
final class CircuitWatch implements CircuitListener {
    private static final Logger LOG = Logger.getLogger(CircuitWatch.class);

    private final List<CircuitListener> listeners;
    private final @Nullable ActiveProbe probe;
    private volatile boolean over;

    CircuitWatch(List<CircuitListener> listeners, @Nullable ActiveProbe probe) {
        this.listeners = listeners;
        this.probe = probe;
    }

    @Override
    public void transition(String upstream, String scope, CircuitState from, CircuitState to, String cause) {
        if (over) {
            return;
        }
        LOG.infof("circuit of upstream %s (%s): %s -> %s, cause %s", upstream, scope, from.label(), to.label(), cause);
        listeners.forEach(listener -> listener.transition(upstream, scope, from, to, cause));
        if (probe != null && scope.equals(UpstreamPolicy.WHOLE_UPSTREAM)) {
            probe.circuitIs(to);
        }
    }

    void end() {
        over = true;
        if (probe != null) {
            probe.end();
        }
    }
}
