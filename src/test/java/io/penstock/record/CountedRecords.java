package io.penstock.record;

import io.penstock.record.Interception.Outcome;
import io.smallrye.mutiny.Uni;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** The recorder as the program has it, in front of a store that counts what it is given. For one thread. */
public final class CountedRecords implements InterceptionStore {
    private final DroppedRecords dropped = new DroppedRecords();
    private final Set<UUID> ids = new HashSet<>();
    private final Map<Outcome, Long> outcomes = new EnumMap<>(Outcome.class);
    private long records;
    private long attempts;

    /** A recorder that tells these listeners. */
    public Recorder recorder(InterceptionListener... listeners) {
        return new Recorder(List.of(listeners), new RecordWriter(this, dropped));
    }

    public DroppedRecords dropped() {
        return dropped;
    }

    @Override
    public Uni<Void> append(List<Interception> batch) {
        for (Interception interception : batch) {
            records++;
            ids.add(interception.id());
            outcomes.merge(interception.outcome(), 1L, Long::sum);
            attempts += interception.attempts().size();
        }
        return Uni.createFrom().voidItem();
    }

    @Override
    public Uni<Page> find(InterceptionQuery query) {
        throw new UnsupportedOperationException("counts only");
    }

    @Override
    public Uni<Optional<Interception>> byId(UUID id) {
        throw new UnsupportedOperationException("counts only");
    }

    @Override
    public Uni<List<Interception>> thread(String threadId) {
        throw new UnsupportedOperationException("counts only");
    }

    public long records() {
        return records;
    }

    /** How many different interceptions were recorded. */
    public long interceptions() {
        return ids.size();
    }

    public long outcome(Outcome outcome) {
        return outcomes.getOrDefault(outcome, 0L);
    }

    /** How many calls to upstreams the records tell of. */
    public long attempts() {
        return attempts;
    }
}
