package io.penstock.policy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Reads the {@code hosts} of routes, and sees to it that no host is on two of them. */
final class HostsReader {
    private static final Pattern HOST = Pattern.compile("(?=.{1,253}$)[a-z0-9]([a-z0-9.-]*[a-z0-9])?");

    private final Map<String, Place> taken = new HashMap<>();

    List<String> read(List<Value> elements) {
        List<String> hosts = new ArrayList<>();
        for (Value element : elements) {
            String host = element.text();
            if (host == null) {
                continue;
            }
            Place first = taken.putIfAbsent(host, element.place());
            if (!HOST.matcher(host).matches()) {
                element.error("found " + Value.shown(host)
                        + ", expected the name of a host in small letters and without a port, such as llm.models.svc");
            } else if (first != null) {
                element.error(
                        "is on two routes or twice on one, first on line " + first.line() + ": remove one of them");
            } else {
                hosts.add(host);
            }
        }
        return List.copyOf(hosts);
    }
}
