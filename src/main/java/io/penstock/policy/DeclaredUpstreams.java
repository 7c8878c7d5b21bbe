package io.penstock.policy;

import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The upstreams that routes may name.
 *
 * @param places where each name is declared; also of those that have problems of their own
 * @param sound those without problems, by name
 */
record DeclaredUpstreams(Map<String, Place> places, Map<String, UpstreamPolicy> sound) {

    Set<String> names() {
        return places.keySet();
    }

    @Nullable
    UpstreamPolicy get(String name) {
        return sound.get(name);
    }
}
