package io.penstock.telemetry;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** How much is under way per route right now, behind the gauges. Thread-safe. */
@ApplicationScoped
public class LiveTraffic {
    private final ConcurrentHashMap<String, AtomicInteger> inFlight = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<String, AtomicInteger> openStreams = new ConcurrentHashMap<>();

    /** Interceptions that have begun and not ended. */
    public AtomicInteger inFlight(String route) {
        return inFlight.computeIfAbsent(route, r -> new AtomicInteger());
    }

    /** Committed streams whose last byte has not gone yet. */
    public AtomicInteger openStreams(String route) {
        return openStreams.computeIfAbsent(route, r -> new AtomicInteger());
    }
}
