package io.penstock.injector;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** What a decision asks of a pod. Reads JSON, so that nothing it does not know is lost. */
record PodView(ObjectNode pod) {
    private static final String WINDOWS = "windows";
    private static final long DEFAULT_GRACE_SECONDS = 30;

    JsonNode annotations() {
        return pod.path("metadata").path("annotations");
    }

    Optional<String> label(String key) {
        JsonNode value = pod.path("metadata").path("labels").get(key);
        return value == null ? Optional.empty() : Optional.of(value.asText());
    }

    /** As far as it has one: most pods get theirs after admission, from a prefix. */
    String name() {
        JsonNode metadata = pod.path("metadata");
        return metadata.path("name").asText(metadata.path("generateName").asText("(unnamed)") + "*");
    }

    Stream<JsonNode> containers() {
        return elements("containers");
    }

    Stream<JsonNode> initContainers() {
        return elements("initContainers");
    }

    Stream<JsonNode> allContainers() {
        return Stream.concat(initContainers(), containers());
    }

    Stream<JsonNode> volumes() {
        return elements("volumes");
    }

    boolean onHostNetwork() {
        return spec().path("hostNetwork").asBoolean();
    }

    boolean onWindows() {
        return spec().path("os").path("name").asText().equals(WINDOWS)
                || spec().path("nodeSelector").path("kubernetes.io/os").asText().equals(WINDOWS);
    }

    boolean isStatic() {
        return annotations().has("kubernetes.io/config.mirror");
    }

    /** Whether the pod is meant to end: of a Job, say. */
    boolean ends() {
        String policy = spec().path("restartPolicy").asText("Always");
        return !policy.equals("Always");
    }

    long graceSeconds() {
        return spec().path("terminationGracePeriodSeconds").asLong(DEFAULT_GRACE_SECONDS);
    }

    /** Whether a sidecar is there already, put by an earlier call for the same pod. */
    boolean injected() {
        return annotations().has(PodAnnotation.STATUS.key()) && allContainers().anyMatch(PodView::isSidecar);
    }

    static boolean isSidecar(JsonNode container) {
        return name(container).equals(SidecarContainer.NAME);
    }

    static boolean isOurs(JsonNode container) {
        return isSidecar(container) || name(container).equals(RedirectContainer.NAME);
    }

    static String name(JsonNode element) {
        return element.path("name").asText();
    }

    static Stream<JsonNode> elements(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false);
    }

    private Stream<JsonNode> elements(String list) {
        return elements(spec().path(list));
    }

    private JsonNode spec() {
        return pod.path("spec");
    }
}
