package io.penstock.injector;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * What the API server asks about one object ({@code admission.k8s.io/v1}).
 *
 * @param uid which the answer repeats
 * @param pod the object; empty where it is none
 * @param dryRun whether the object will not be kept; the answer is the same, since asking has no side effect
 */
record AdmissionRequest(String uid, String namespace, boolean isPodCreation, ObjectNode pod, boolean dryRun) {

    /** What came of reading an AdmissionReview. */
    sealed interface Reading {
        record Good(AdmissionRequest request) implements Reading {}

        record Bad(String message) implements Reading {}
    }

    static Reading of(JsonNode review) {
        if (!review.path("kind").asText().equals("AdmissionReview")) {
            return new Reading.Bad(
                    "the body is no AdmissionReview: this address is for the API server's webhook calls");
        }
        if (!review.path("apiVersion").asText().equals("admission.k8s.io/v1")) {
            return new Reading.Bad(
                    "apiVersion must be admission.k8s.io/v1: admissionReviewVersions of the webhook says [v1]");
        }
        JsonNode request = review.path("request");
        String uid = request.path("uid").asText();
        if (uid.isEmpty()) {
            return new Reading.Bad("request.uid is missing");
        }
        JsonNode kind = request.path("kind");
        boolean pod = kind.path("group").asText().isEmpty()
                && kind.path("kind").asText().equals("Pod")
                && request.path("subResource").asText().isEmpty()
                && request.path("operation").asText().equals("CREATE")
                && request.path("object").path("spec").isObject()
                && request.path("object").path("metadata").isObject();
        return new Reading.Good(new AdmissionRequest(
                uid,
                request.path("namespace").asText(),
                pod,
                request.path("object") instanceof ObjectNode object ? object : JsonNodeFactory.instance.objectNode(),
                request.path("dryRun").asBoolean()));
    }
}
