package io.penstock.injector;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.zjsonpatch.JsonPatch;

/** Settings and pods for the tests of the decision, and what an API server makes of its patches. */
final class Pods {
    static final ObjectMapper JSON = new ObjectMapper();
    static final ClusterVersion NEW = new ClusterVersion(1, 34);
    static final ClusterVersion OLD = new ClusterVersion(1, 20);
    static final String VERSION = "1.2.3";

    static final String SETTINGS = """
            sidecar:
              image: registry.example/penstock:1.2.3
              resources: {requests: {cpu: 10m, memory: 64Mi}, limits: {memory: 128Mi}}
            policy:
              source: {namespace: penstock-system, name: penstock-policy}
            excludeNamespaces: [kube-system]
            """;

    private Pods() {}

    static InjectorSettings settings(String yaml) {
        SettingsReader.Outcome outcome = SettingsReader.read(yaml.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        if (outcome instanceof SettingsReader.Outcome.Good good) {
            return good.settings();
        }
        throw new AssertionError(outcome);
    }

    static ObjectNode json(String text) {
        try {
            return (ObjectNode) JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new AssertionError(text, e);
        }
    }

    static AdmissionRequest request(JsonNode pod) {
        return new AdmissionRequest("u", "shop", true, (ObjectNode) pod, false);
    }

    static InjectionDecision decide(String settings, ClusterVersion cluster, JsonNode pod) {
        return new Injection(settings(settings), VERSION).decide(request(pod), cluster);
    }

    /** The pod as it is after admission, by an implementation of RFC 6902 that is not ours. */
    static JsonNode patched(JsonNode pod, InjectionDecision decision) {
        if (decision instanceof InjectionDecision.Inject inject) {
            return JsonPatch.apply(inject.patch(), pod);
        }
        throw new AssertionError(decision);
    }
}
