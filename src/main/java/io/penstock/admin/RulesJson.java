package io.penstock.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.penstock.classify.Rule;
import io.penstock.classify.RuleScope;
import io.penstock.classify.RuleSet;
import java.util.Collection;

/** The rules in force as JSON, in the words of the policy file. */
final class RulesJson {
    private RulesJson() {}

    static ObjectNode of(RuleSet rules) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("version", rules.version());
        ArrayNode array = json.putArray("rules");
        rules.rules().forEach(rule -> array.add(rule(rule)));
        return json;
    }

    private static ObjectNode rule(Rule rule) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("id", rule.id());
        json.put("source", rule.source().label());
        json.put("description", rule.description());
        json.put("match", rule.match().label());
        json.put("pattern", rule.pattern());
        json.put("field", rule.field().label());
        json.put("category", rule.category().name());
        RuleScope scope = rule.scope();
        list(json, "status", scope.statuses());
        list(
                json,
                "dialect",
                scope.dialects().stream().map(d -> d.label()).sorted().toList());
        list(json, "upstream", scope.upstreams().stream().sorted().toList());
        list(json, "model", scope.models());
        json.put("order", rule.order());
        json.put("enabled", rule.enabled());
        json.put("shadow", rule.shadow());
        json.put("action", rule.action() == null ? null : rule.action().label());
        json.put(
                "counts_for", rule.countsFor() == null ? null : rule.countsFor().label());
        json.put("overrides_response", rule.response() != null);
        return json;
    }

    private static void list(ObjectNode json, String field, Collection<?> values) {
        ArrayNode array = json.putArray(field);
        values.forEach(value -> array.add(value.toString()));
    }
}
