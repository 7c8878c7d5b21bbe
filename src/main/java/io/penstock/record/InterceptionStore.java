package io.penstock.record;

import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Keeps interceptions and finds them again. Thread-safe. A store that does I/O does it off the event loop.
 */
public interface InterceptionStore {

    /** Keeps a batch, in order. */
    Uni<Void> append(List<Interception> batch);

    Uni<Page> find(InterceptionQuery query);

    Uni<Optional<Interception>> byId(UUID id);

    /** The interceptions of a thread, oldest first. */
    Uni<List<Interception>> thread(String threadId);

    /**
     * A page of interceptions, newest first.
     *
     * @param next the cursor of the page after it, or empty at the end
     */
    record Page(List<Interception> interceptions, Optional<String> next) {}
}
