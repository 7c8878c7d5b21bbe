package io.penstock.injector;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Writes a decision as the API server wants to read it. The pod is always let in: a sidecar is no condition for running. */
final class AdmissionAnswer {
    /** API servers cut warnings after 256 characters, and all of an answer's after 4,096. */
    private static final int LONGEST_WARNING = 250;

    private static final int MOST_WARNINGS = 12;

    private AdmissionAnswer() {}

    static ObjectNode of(AdmissionRequest request, InjectionDecision decision) {
        ObjectNode review = JsonNodeFactory.instance.objectNode();
        review.put("apiVersion", "admission.k8s.io/v1").put("kind", "AdmissionReview");
        ObjectNode response = review.putObject("response");
        response.put("uid", request.uid()).put("allowed", true);
        if (decision instanceof InjectionDecision.Inject inject
                && !inject.patch().isEmpty()) {
            byte[] patch = inject.patch().toString().getBytes(StandardCharsets.UTF_8);
            response.put("patchType", "JSONPatch")
                    .put("patch", Base64.getEncoder().encodeToString(patch));
        }
        if (!decision.warnings().isEmpty()) {
            ArrayNode warnings = response.putArray("warnings");
            decision.warnings().stream()
                    .limit(MOST_WARNINGS)
                    .map(AdmissionAnswer::cut)
                    .forEach(warnings::add);
        }
        response.putObject("auditAnnotations").put("result", decision.label());
        return review;
    }

    private static String cut(String warning) {
        return warning.length() <= LONGEST_WARNING ? warning : warning.substring(0, LONGEST_WARNING) + "…";
    }
}
