package io.penstock.telemetry;

import com.fasterxml.jackson.databind.JsonNode;
import io.penstock.record.AttemptRecord;
import io.penstock.record.Interception;
import io.penstock.record.Interception.Outcome;
import io.penstock.record.InterceptionJson;
import io.penstock.record.InterceptionListener;
import jakarta.inject.Singleton;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/**
 * Writes one line per interception, with the fields of its record: what the admin API shows can be found in the log by the
 * same name. Fields without a value are left out, and so is the pod, which log collectors add themselves.
 */
@Singleton
final class InterceptionLog implements InterceptionListener {
    private static final Logger LOG = Logger.getLogger("io.penstock.interception");

    private final InterceptionJson json;

    InterceptionLog(InterceptionJson json) {
        this.json = json;
    }

    @Override
    public void ended(Interception interception) {
        Logger.Level level = interception.outcome() == Outcome.ERROR ? Logger.Level.WARN : Logger.Level.INFO;
        if (LOG.isEnabled(level)) {
            LOG.log(level, line(interception));
        }
    }

    String line(Interception interception) {
        Logfmt line = new Logfmt();
        json.of(interception).properties().forEach(field -> {
            JsonNode value = field.getValue();
            if (value.isValueNode() && !value.isNull()) {
                line.pair(field.getKey(), value.asText());
            }
        });
        line.pair("attempts", Integer.toString(interception.attempts().size()));
        if (!interception.attempts().isEmpty()) {
            line.pair(
                    "tried",
                    interception.attempts().stream().map(InterceptionLog::tried).collect(Collectors.joining(",")));
        }
        if (!interception.skipped().isEmpty()) {
            line.pair(
                    "skipped",
                    interception.skipped().stream()
                            .map(upstream ->
                                    upstream.upstream() + "/" + upstream.why().label())
                            .collect(Collectors.joining(",")));
        }
        return line.toString();
    }

    private static String tried(AttemptRecord attempt) {
        return attempt.category() == null ? attempt.upstream() : attempt.upstream() + "/" + attempt.category();
    }
}
