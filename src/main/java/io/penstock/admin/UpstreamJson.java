package io.penstock.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.penstock.record.InterceptionJson;
import io.penstock.upstream.UpstreamStatus;
import java.net.URI;
import java.util.List;

/** The upstreams in force as JSON. */
final class UpstreamJson {
    private UpstreamJson() {}

    static ObjectNode of(List<UpstreamStatus> upstreams) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        ArrayNode array = json.putArray("upstreams");
        for (UpstreamStatus upstream : upstreams) {
            ObjectNode one = array.addObject();
            one.put("name", upstream.name());
            one.put("url", address(upstream.url()));
            one.put("dialect", upstream.dialect().label());
            one.put("credentials", upstream.credentials());
            ArrayNode hints = one.putArray("key_hints");
            upstream.keyHints().forEach(hints::add);
            one.put("circuit", upstream.circuit().label());
            one.put("circuit_cause", upstream.circuitCause());
            InterceptionJson.putMillis(one, "open_for_ms", upstream.openFor());
            one.put("in_flight", upstream.inFlight());
        }
        return json;
    }

    /** A URL without what may be secret in it: user information and query. */
    static String address(URI url) {
        String authority = url.getRawAuthority();
        return url.getScheme() + "://" + authority.substring(authority.lastIndexOf('@') + 1) + url.getRawPath();
    }
}
