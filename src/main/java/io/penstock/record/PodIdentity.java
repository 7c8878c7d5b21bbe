package io.penstock.record;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which pod this is, from the environment (the downward API sets {@code POD_NAME} and {@code POD_NAMESPACE}). */
record PodIdentity(@Nullable String name, @Nullable String namespace) {

    static PodIdentity of(Map<String, String> environment) {
        String name = present(environment, "POD_NAME");
        return new PodIdentity(
                name == null ? present(environment, "HOSTNAME") : name, present(environment, "POD_NAMESPACE"));
    }

    boolean known() {
        return name != null || namespace != null;
    }

    private static @Nullable String present(Map<String, String> environment, String key) {
        String value = environment.get(key);
        return value == null || value.isBlank() ? null : value;
    }
}
