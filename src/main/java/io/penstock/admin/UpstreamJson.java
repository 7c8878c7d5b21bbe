package io.penstock.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.penstock.record.InterceptionJson;
import io.penstock.upstream.CircuitStatus;
import io.penstock.upstream.UpstreamStatus;
import java.net.URI;
import java.util.List;

/** The upstreams in force as JSON. */
final class UpstreamJson {
    private UpstreamJson() {}

    static ObjectNode of(List<UpstreamStatus> upstreams) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        ArrayNode array = json.putArray("upstreams");
        upstreams.forEach(upstream -> array.add(of(upstream)));
        return json;
    }

    static ObjectNode of(UpstreamStatus upstream) {
        ObjectNode one = JsonNodeFactory.instance.objectNode();
        one.put("name", upstream.name());
        one.put("url", address(upstream.url()));
        one.put("dialect", upstream.dialect().label());
        one.put("credentials", upstream.credentials());
        ArrayNode hints = one.putArray("key_hints");
        upstream.keyHints().forEach(hints::add);
        CircuitStatus whole = upstream.circuits().get(0);
        one.put("circuit", whole.state().label());
        one.put("circuit_cause", whole.cause());
        InterceptionJson.putMillis(one, "open_for_ms", whole.openFor());
        ArrayNode circuits = one.putArray("circuits");
        for (CircuitStatus circuit : upstream.circuits()) {
            ObjectNode state = circuits.addObject();
            state.put("scope", circuit.scope());
            state.put("state", circuit.state().label());
            state.put("cause", circuit.cause());
            InterceptionJson.putMillis(state, "open_for_ms", circuit.openFor());
        }
        one.put("in_flight", upstream.inFlight());
        return one;
    }

    /** A URL without what may be secret in it: user information and query. */
    static String address(URI url) {
        String authority = url.getRawAuthority();
        return url.getScheme() + "://" + authority.substring(authority.lastIndexOf('@') + 1) + url.getRawPath();
    }
}
