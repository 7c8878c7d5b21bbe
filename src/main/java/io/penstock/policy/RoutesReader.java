package io.penstock.policy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads {@code routes}. */
final class RoutesReader {
    /** The first path segment of the admin API, on the same listener. */
    private static final String RESERVED = "penstock";

    private final RouteReader reader;

    RoutesReader(RouteReader reader) {
        this.reader = reader;
    }

    List<RoutePolicy> read(Value routes) {
        List<Value> elements = routes.elements();
        if (elements.isEmpty() && routes.isList()) {
            routes.error("is an empty list: add a route, or remove the key to have the built-in routes");
        }
        Map<String, Place> names = new LinkedHashMap<>();
        List<RoutePolicy> read = new ArrayList<>();
        for (Value element : elements) {
            Section section = element.section(Keys.ROUTE);
            if (section == null) {
                continue;
            }
            String name = Names.read(section, names, "route");
            Value nameValue = section.get("name");
            if (nameValue != null && name.equals(RESERVED)) {
                nameValue.error("is reserved for the admin API: choose another name");
            }
            RoutePolicy route = reader.read(name, section);
            if (route != null) {
                read.add(route);
            }
        }
        return List.copyOf(read);
    }
}
