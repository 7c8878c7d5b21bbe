package io.penstock.record;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The filters of a query. {@code since} is inclusive and {@code until} exclusive, both on the start; a model matches what
 * was requested or what was served.
 */
record InterceptionFilter(InterceptionQuery query) implements Predicate<Interception> {

    @Override
    public boolean test(Interception i) {
        Interception.TerminalError error = i.error();
        return accepts(
                        query.errorType(),
                        error == null ? null : error.category().type().label())
                && accepts(
                        query.category(),
                        error == null ? null : error.category().name())
                && accepts(query.outcome(), i.outcome().label())
                && accepts(query.upstream(), i.upstream())
                && (accepts(query.model(), i.modelRequested()) || accepts(query.model(), i.modelServed()))
                && accepts(query.threadId(), i.threadId())
                && accepts(query.sessionId(), i.sessionId())
                && within(i.startedAt());
    }

    private boolean within(Instant startedAt) {
        return query.since().map(since -> !startedAt.isBefore(since)).orElse(true)
                && query.until().map(startedAt::isBefore).orElse(true);
    }

    private static boolean accepts(Optional<String> wanted, @Nullable String actual) {
        return wanted.isEmpty() || Objects.equals(wanted.get(), actual);
    }
}
