package io.penstock.telemetry;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.config.MeterFilterReply;
import jakarta.inject.Singleton;
import java.util.Set;

/**
 * Keeps those of the framework's meters out that break Prometheus' conventions, so that {@code promtool check metrics}
 * passes: meters without a help text, long task timers (rendered in parts without one), and two by name (the suffix
 * {@code _count} on a gauge, nanoseconds as a unit).
 */
@Singleton
final class ConformingMeters implements MeterFilter {
    private static final Set<String> MISNAMED = Set.of("system.cpu.count", "process.cpu.time");

    @Override
    public MeterFilterReply accept(Meter.Id id) {
        String help = id.getDescription();
        boolean conforms = help != null
                && !help.isBlank()
                && id.getType() != Meter.Type.LONG_TASK_TIMER
                && !MISNAMED.contains(id.getName());
        return conforms ? MeterFilterReply.NEUTRAL : MeterFilterReply.DENY;
    }
}
