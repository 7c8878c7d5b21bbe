package io.penstock.upstream;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What may be seen of the upstreams in force. Thread-safe. */
public interface UpstreamDirectory {
    List<UpstreamStatus> statuses();

    /** Every key of Penstock's own. */
    List<KeyStatus> keys();

    /** How many keys of an upstream are in that state; none where there is no such upstream, or it has no keys. */
    int keyCount(String upstream, KeyState state);

    /**
     * Closes circuits of an upstream by hand.
     *
     * @param scope the one to close, or null for all of them
     */
    Reset reset(String upstream, @Nullable String scope);

    /** What came of closing circuits by hand. */
    sealed interface Reset {

        /** They are closed; the upstream as it is now. */
        record Done(UpstreamStatus status) implements Reset {}

        /** There is no upstream of that name; {@code known} are those there are. */
        record NoUpstream(List<String> known) implements Reset {}

        /** There is no circuit of that scope; {@code known} are those there are. */
        record NoScope(List<String> known) implements Reset {}
    }
}
