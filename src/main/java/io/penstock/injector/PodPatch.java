package io.penstock.injector;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * A JSON patch (RFC 6902) in the making. Each addition is made on a copy of the pod as well, so that the next one finds the
 * places as the patch leaves them. There is no other operation than {@code add} of what is not there: what the pod holds, known or
 * not, stays as it is.
 */
final class PodPatch {
    private final ObjectNode pod;
    private final ArrayNode operations;

    PodPatch(ObjectNode pod) {
        this.pod = pod.deepCopy();
        this.operations = this.pod.arrayNode();
    }

    /** The pod with all additions so far. */
    JsonNode pod() {
        return pod;
    }

    ArrayNode operations() {
        return operations;
    }

    /** Inserts into the list {@code name} of the object at {@code path}, which begins where there is none. */
    void insert(String path, String name, int index, JsonNode element) {
        ObjectNode parent = object(path);
        if (parent.get(name) instanceof ArrayNode list) {
            add(path + "/" + name + "/" + index, element);
            list.insert(index, element);
        } else {
            ArrayNode list = pod.arrayNode().add(element);
            add(path + "/" + name, list.deepCopy());
            parent.set(name, list);
        }
    }

    void append(String path, String name, JsonNode element) {
        insert(path, name, object(path).path(name).size(), element);
    }

    /** Sets a member that is not there of the map {@code name} of the object at {@code path}. */
    void put(String path, String name, String key, JsonNode value) {
        ObjectNode parent = object(path);
        if (parent.get(name) instanceof ObjectNode map) {
            add(path + "/" + name + "/" + escaped(key), value);
            map.set(key, value);
        } else {
            ObjectNode map = pod.objectNode();
            map.set(key, value);
            add(path + "/" + name, map.deepCopy());
            parent.set(name, map);
        }
    }

    private ObjectNode object(String path) {
        if (pod.at(JsonPointer.compile(path)) instanceof ObjectNode object) {
            return object;
        }
        throw new IllegalArgumentException("unexpected path: " + path + " (expected: an object)");
    }

    private void add(String path, JsonNode value) {
        operations.addObject().put("op", "add").put("path", path).set("value", value);
    }

    /** RFC 6901 §3. */
    private static String escaped(String key) {
        return key.replace("~", "~0").replace("/", "~1");
    }
}
