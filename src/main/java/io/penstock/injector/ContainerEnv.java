package io.penstock.injector;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The variables from which the providers' SDKs take their base URL. */
final class ContainerEnv {
    /**
     * The variables by what they mean, each group with its URL. A container that sets one of a group keeps the whole group
     * as it is: with one library told this and another that, half its calls would go another way.
     */
    private static final Map<List<String>, String> GROUPS = groups();

    private ContainerEnv() {}

    /** The variables that this container lacks, with their values. */
    static Map<String, String> missing(JsonNode container) {
        Set<String> own = PodView.elements(container.path("env"))
                .map(variable -> variable.path("name").asText())
                .collect(Collectors.toSet());
        Map<String, String> missing = new LinkedHashMap<>();
        GROUPS.forEach((names, url) -> {
            if (names.stream().noneMatch(own::contains)) {
                names.forEach(name -> missing.put(name, url));
            }
        });
        return missing;
    }

    /** Whether a variable of the container leads to the sidecar. */
    static boolean usesSidecar(JsonNode container) {
        return PodView.elements(container.path("env"))
                .anyMatch(variable -> variable.path("value").asText().startsWith(SidecarContainer.DATA_PLANE));
    }

    private static Map<List<String>, String> groups() {
        Map<List<String>, String> groups = new LinkedHashMap<>();
        // OPENAI_API_BASE is what OpenAI's libraries before 1.0 and some built on them read.
        groups.put(List.of("OPENAI_BASE_URL", "OPENAI_API_BASE"), SidecarContainer.DATA_PLANE + "/openai/v1");
        groups.put(List.of("ANTHROPIC_BASE_URL"), SidecarContainer.DATA_PLANE + "/anthropic");
        groups.put(List.of("GOOGLE_GEMINI_BASE_URL"), SidecarContainer.DATA_PLANE + "/gemini");
        return groups;
    }
}
