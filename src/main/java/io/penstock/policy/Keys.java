package io.penstock.policy;

import java.util.List;

/** What each mapping of a policy file may hold: the only table of the keys. */
enum Keys implements KnownKeys {
    DOCUMENT("", "routes", "upstreams", "categories", "rules", "disabledRules", "records"),
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
            "hold",
            "failoverOn",
            "whenAllOpen",
            "hosts"),
    HOLD("routes[].hold", "frames", "bytes", "time"),
    TARGET("routes[].upstreams[]", "name", "priority", "weight", "models", "contextWindow"),
    MODEL("routes[].upstreams[].models[]", "from", "to"),
    UPSTREAM(
            "upstreams[]",
            "name",
            "url",
            "dialect",
            "credentials",
            "credentialGroup",
            "keyRest",
            "models",
            "timeouts",
            "retry",
            "circuit",
            "limits",
            "tls",
            "http"),
    CREDENTIAL("upstreams[].credentials[]", "env", "file"),
    KEY_REST("upstreams[].keyRest", "rateLimited", "rejected", "exhausted"),
    TIMEOUTS("upstreams[].timeouts", "connect", "firstContent", "idle"),
    RETRY("upstreams[].retry", "attempts", "baseDelay", "maxDelay", "budget"),
    BUDGET("upstreams[].retry.budget", "ratio", "minPerSecond"),
    CIRCUIT("upstreams[].circuit", "window", "failureRatio", "openFor", "probes", "probe"),
    PROBE("upstreams[].circuit.probe", "path", "interval"),
    LIMITS("upstreams[].limits", "connections", "pending"),
    TLS("upstreams[].tls", "ca"),
    CATEGORY(
            "categories[]",
            "name",
            "type",
            "fault",
            "caller",
            "retry",
            "rotateKey",
            "failover",
            "countsFor",
            "description"),
    RULE(
            "rules[]",
            "id",
            "match",
            "pattern",
            "field",
            "category",
            "status",
            "dialect",
            "upstream",
            "model",
            "order",
            "enabled",
            "shadow",
            "action",
            "countsFor",
            "response",
            "description",
            "examples"),
    RESPONSE("rules[].response", "status", "message", "body"),
    EXAMPLES("rules[].examples", "matches", "ignores"),
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
