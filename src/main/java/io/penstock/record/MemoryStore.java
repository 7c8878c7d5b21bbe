package io.penstock.record;

import io.penstock.policy.PolicySource;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executor;
import java.util.function.IntSupplier;

/**
 * Keeps the interceptions that ended last, up to a capacity that may change at run time.
 *
 * <p>Found in the order of their ids, which is that of their starts; forgotten in the order of their ends, so that a long
 * interception is not lost the moment it ends. Readers take no lock and see a batch in part at worst.
 */
@Singleton
final class MemoryStore implements InterceptionStore {
    private final IntSupplier capacity;
    private final Executor readers;
    private final ConcurrentNavigableMap<UUID, Interception> byId = new ConcurrentSkipListMap<>();
    private final ArrayDeque<UUID> byEnd = new ArrayDeque<>();

    @Inject
    MemoryStore(PolicySource policies) {
        this(() -> policies.current().records().capacity(), Infrastructure.getDefaultWorkerPool());
    }

    /**
     * Creates an empty store.
     *
     * @param readers where the searches run: one through a full store takes milliseconds, too long for an event loop
     */
    MemoryStore(IntSupplier capacity, Executor readers) {
        this.capacity = capacity;
        this.readers = readers;
    }

    @Override
    public Uni<Void> append(List<Interception> batch) {
        int limit = capacity.getAsInt();
        synchronized (byEnd) {
            for (Interception interception : batch) {
                if (byId.put(interception.id(), interception) == null) {
                    byEnd.add(interception.id());
                }
            }
            while (byEnd.size() > limit) {
                byId.remove(byEnd.remove());
            }
        }
        return Uni.createFrom().voidItem();
    }

    @Override
    public Uni<Page> find(InterceptionQuery query) {
        return Uni.createFrom().item(() -> page(query)).runSubscriptionOn(readers);
    }

    @Override
    public Uni<Optional<Interception>> byId(UUID id) {
        return Uni.createFrom().item(Optional.ofNullable(byId.get(id)));
    }

    @Override
    public Uni<List<Interception>> thread(String threadId) {
        return Uni.createFrom()
                .item(() -> byId.values().stream()
                        .filter(i -> i.threadId().equals(threadId))
                        .toList())
                .runSubscriptionOn(readers);
    }

    private Page page(InterceptionQuery query) {
        InterceptionFilter filter = new InterceptionFilter(query);
        List<Interception> found = new ArrayList<>();
        for (Interception interception : newestFirst(query.cursor())) {
            if (!filter.test(interception)) {
                continue;
            }
            if (found.size() == query.limit()) {
                return new Page(
                        List.copyOf(found),
                        Optional.of(Cursor.of(found.get(found.size() - 1).id())));
            }
            found.add(interception);
        }
        return new Page(List.copyOf(found), Optional.empty());
    }

    private Iterable<Interception> newestFirst(Optional<String> cursor) {
        return cursor.map(text ->
                        Cursor.read(text).orElseThrow(() -> new IllegalArgumentException("unexpected cursor: " + text)))
                .map(last -> byId.headMap(last, false))
                .orElse(byId)
                .descendingMap()
                .values();
    }
}
