package io.penstock.classify;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** An explanation as JSON: every field is always there, null where there is nothing to say. */
public final class ExplanationJson {
    private ExplanationJson() {}

    public static ObjectNode of(Explanation explanation) {
        Classification error = explanation.error();
        boolean open = error != null && !explanation.committed();
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("outcome", explanation.outcome());
        json.put("error_type", error == null ? null : error.errorType().label());
        json.put("category", error == null ? null : error.category().name());
        json.put("fault", error == null ? null : error.category().fault().label());
        json.put(
                "phase",
                explanation.phase() == null ? null : explanation.phase().label());
        json.put("action", error == null ? null : (open ? error.action() : Action.RETURN).label());
        json.put("retry_same", error != null && open && error.retriesSame());
        json.put("failover", error != null && open && error.allowsFailover());
        json.put(
                "counts_for",
                error == null ? null : error.reaction().countsFor().label());
        json.put(
                "retry_after_ms",
                error == null || error.retryAfter() == null
                        ? null
                        : error.retryAfter().toMillis());
        json.put("rule", error == null ? null : error.rules().rule());
        if (error == null) {
            json.putNull("evidence");
        } else {
            Evidence evidence = error.evidence();
            json.putObject("evidence")
                    .put("layer", evidence.layer().label())
                    .put("field", evidence.field())
                    .put("value", Redaction.mask(evidence.value()));
        }
        json.put("rules_version", explanation.rulesVersion());
        ArrayNode shadow = json.putArray("shadow");
        if (error != null) {
            error.rules().shadow().forEach(shadow::add);
        }
        return json;
    }
}
