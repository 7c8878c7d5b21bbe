package io.penstock.telemetry;

import io.penstock.upstream.KeyState;
import io.penstock.upstream.KeyStatus;
import io.penstock.upstream.UpstreamDirectory;
import io.penstock.upstream.UpstreamStatus;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How many keys upstream {@code azure} has in which state; modifiable. */
final class CountedKeys implements UpstreamDirectory {
    private final Map<KeyState, Integer> counts = new EnumMap<>(KeyState.class);

    void count(KeyState state, int keys) {
        counts.put(state, keys);
    }

    @Override
    public int keyCount(String upstream, KeyState state) {
        return upstream.equals("azure") ? counts.getOrDefault(state, 0) : 0;
    }

    @Override
    public List<UpstreamStatus> statuses() {
        return List.of();
    }

    @Override
    public List<KeyStatus> keys() {
        return List.of();
    }

    @Override
    public Reset reset(String upstream, @Nullable String scope) {
        return new Reset.NoUpstream(List.of());
    }
}
