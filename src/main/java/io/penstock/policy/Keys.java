package io.penstock.policy;

import java.util.List;

/** What each mapping of a policy file may hold: the only table of the keys. */
enum Keys implements KnownKeys {
    DOCUMENT("", "routes", "upstreams", "rules", "records"),
    ROUTE(
            "routes[]",
            "name",
            "dialect",
            "deadline",
            "upstreams",
            "allowPaths",
            "maxRequestBytes",
            "maxInFlight",
            "maxRetryAfter",
            "hosts"),
    TARGET("routes[].upstreams[]", "name", "priority", "weight", "models"),
    MODEL("routes[].upstreams[].models[]", "from", "to"),
    UPSTREAM(
            "upstreams[]",
            "name",
            "url",
            "dialect",
            "credentials",
            "credentialGroup",
            "timeouts",
            "retry",
            "circuit",
            "limits",
            "tls",
            "http"),
    CREDENTIAL("upstreams[].credentials[]", "env", "file"),
    TIMEOUTS("upstreams[].timeouts", "connect", "firstContent", "idle"),
    RETRY("upstreams[].retry", "attempts", "baseDelay", "maxDelay", "budget"),
    BUDGET("upstreams[].retry.budget", "ratio", "minPerSecond"),
    CIRCUIT("upstreams[].circuit", "window", "failureRatio", "openFor", "probes"),
    LIMITS("upstreams[].limits", "connections", "pending"),
    TLS("upstreams[].tls", "ca"),
    RECORDS("records", "store", "capacity");

    private final String path;
    private final List<String> names;

    Keys(String path, String... names) {
        this.path = path;
        this.names = List.of(names);
    }

    /** Where the mapping stands, with {@code []} for any element of a list. */
    String path() {
        return path;
    }

    @Override
    public List<String> names() {
        return names;
    }
}
