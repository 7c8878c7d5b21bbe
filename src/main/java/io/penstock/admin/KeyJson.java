package io.penstock.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.penstock.record.InterceptionJson;
import io.penstock.upstream.KeyStatus;
import java.util.List;

/** Penstock's own keys as JSON: hints, references and states. */
final class KeyJson {
    private KeyJson() {}

    static ObjectNode of(List<KeyStatus> keys) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        ArrayNode array = json.putArray("keys");
        for (KeyStatus key : keys) {
            ObjectNode one = array.addObject();
            one.put("upstream", key.upstream());
            one.put("hint", key.hint());
            one.set("reference", ConfigJson.reference(key.reference()));
            one.put("state", key.state().label());
            InterceptionJson.putMillis(one, "rests_for_ms", key.left());
            one.put("cause", key.cause());
            ArrayNode models = one.putArray("refused_models");
            key.refusedModels().forEach(models::add);
        }
        return json;
    }
}
