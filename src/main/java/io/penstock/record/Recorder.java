package io.penstock.record;

import io.quarkus.arc.All;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jboss.logging.Logger;

/**
 * Takes every interception at its end: tells the listeners (metrics, log) and hands it to the store. Never blocks and
 * never fails the caller. Thread-safe.
 */
@ApplicationScoped
public class Recorder {
    private static final Logger LOG = Logger.getLogger(Recorder.class);

    private final List<InterceptionListener> listeners;
    private final RecordWriter writer;
    private final AtomicLong listenerFailures = new AtomicLong();

    Recorder(@All List<InterceptionListener> listeners, RecordWriter writer) {
        this.listeners = listeners;
        this.writer = writer;
    }

    /** Records an interception that has ended; to be called once for each. */
    public void record(Interception interception) {
        for (InterceptionListener listener : listeners) {
            tell(listener, interception);
        }
        writer.write(interception);
    }

    /** Whether the store has taken everything that was recorded. */
    public boolean idle() {
        return writer.idle();
    }

    private void tell(InterceptionListener listener, Interception interception) {
        try {
            listener.ended(interception);
        } catch (RuntimeException e) {
            // A listener that fails once may fail with every interception: the log must not grow with the traffic.
            long count = listenerFailures.incrementAndGet();
            if (Long.bitCount(count) == 1) {
                LOG.errorf(e, "a listener failed on interception %s (failure %d)", interception.id(), count);
            }
        }
    }
}
