package io.penstock.injector;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.penstock.policy.ContentHash;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A ConfigMap by the policy's name in some namespace, as far as the keeper has to know it.
 *
 * @param ours whether the keeper wrote it; one of somebody else's is never touched
 * @param version the hash of the policy it holds, whatever its annotation says
 * @param owner the uid of the object that it goes with, or null
 */
record PolicyCopy(
        String namespace,
        String uid,
        String resourceVersion,
        boolean ours,
        String version,
        @Nullable String owner) {
    static final String KEY = "penstock.yaml";
    static final String FIELD_MANAGER = "penstock-injector";

    private static final String MANAGED_BY = "app.kubernetes.io/managed-by";
    private static final String COPY_LABEL = PodAnnotation.PREFIX + "policy-copy";
    private static final String SOURCE_ANNOTATION = PodAnnotation.PREFIX + "policy-source";
    private static final String VERSION_ANNOTATION = PodAnnotation.PREFIX + "policy-version";

    static PolicyCopy of(JsonNode configMap) {
        JsonNode metadata = configMap.path("metadata");
        JsonNode labels = metadata.path("labels");
        JsonNode owner = metadata.path("ownerReferences").path(0).path("uid");
        return new PolicyCopy(
                metadata.path("namespace").asText(),
                metadata.path("uid").asText(),
                metadata.path("resourceVersion").asText(),
                labels.path(COPY_LABEL).asText().equals("true")
                        && labels.path(MANAGED_BY).asText().equals(FIELD_MANAGER),
                version(configMap.path("data").path(KEY).asText()),
                owner.isTextual() ? owner.asText() : null);
    }

    static String version(String policy) {
        return ContentHash.version(policy.getBytes(StandardCharsets.UTF_8));
    }

    /** The copy as it is applied: it says itself whose it is, and where it comes from. */
    static ObjectNode manifest(
            String namespace, InjectorSettings.Policy settings, String policy, @Nullable String owner) {
        ObjectNode configMap = JsonNodeFactory.instance.objectNode();
        configMap.put("apiVersion", "v1").put("kind", "ConfigMap");
        ObjectNode metadata = configMap.putObject("metadata");
        metadata.put("name", settings.configMap()).put("namespace", namespace);
        metadata.putObject("labels").put(MANAGED_BY, FIELD_MANAGER).put(COPY_LABEL, "true");
        metadata.putObject("annotations")
                .put(SOURCE_ANNOTATION, String.valueOf(settings.source()))
                .put(VERSION_ANNOTATION, version(policy));
        if (owner != null) {
            metadata.putArray("ownerReferences")
                    .addObject()
                    .put("apiVersion", "rbac.authorization.k8s.io/v1")
                    .put("kind", "ClusterRole")
                    .put("name", settings.owner())
                    .put("uid", owner);
        }
        configMap.putObject("data").put(KEY, policy);
        return configMap;
    }
}
