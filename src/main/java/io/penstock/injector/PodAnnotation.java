package io.penstock.injector;

import io.penstock.policy.Suggestion;
import java.util.Optional;
import java.util.stream.Stream;

/** The annotations of a pod that Penstock knows: the only list of them. The table in docs/injection.md is checked against it. */
enum PodAnnotation {
    IMAGE("image", Form.IMAGE, "`sidecar.image`", "The sidecar's image."),
    CPU_REQUEST("cpu-request", Form.QUANTITY, "`sidecar.resources`", "CPU that the sidecar asks for."),
    CPU_LIMIT("cpu-limit", Form.QUANTITY, "`sidecar.resources`", "CPU that the sidecar may use."),
    MEMORY_REQUEST("memory-request", Form.QUANTITY, "`sidecar.resources`", "Memory that the sidecar asks for."),
    MEMORY_LIMIT("memory-limit", Form.QUANTITY, "`sidecar.resources`", "Memory that the sidecar may use."),
    LOG_LEVEL("log-level", Form.LOG_LEVEL, "`sidecar.logLevel`", "How much the sidecar logs."),
    DRAIN("drain", Form.DURATION, "`sidecar.drain`", "How long open streams may finish when the pod stops."),
    CONFIG(
            "config",
            Form.NAME,
            "`policy.configMap`",
            "The ConfigMap of the pod's namespace whose key `penstock.yaml` is the policy. It must exist."),
    KEYS_SECRET(
            "keys-secret",
            Form.NAME,
            "none",
            "A Secret whose keys become files under `/var/run/penstock/keys`, in the sidecar only."),
    INTERCEPTION("interception", Form.INTERCEPTION, "`interception`", "How calls get to the sidecar."),
    ENV_INJECTION(
            "env-injection",
            Form.BOOLEAN,
            "`true`, in mode `redirect` `false`",
            "Whether the containers get the variables with the sidecar's URLs."),
    SKIP_CONTAINERS("skip-containers", Form.NAMES, "none", "Containers that get no variables."),
    REDIRECT_HOSTS("redirect-hosts", Form.HOSTS, "`redirect.hosts`", "Hosts whose plain HTTP is redirected."),
    REDIRECT_PORTS("redirect-ports", Form.PORTS, "`redirect.ports`", "The ports of these hosts."),
    STATUS("status", Form.JSON, "none", "Set on injected pods: the version and how they were injected.");

    /** What every annotation and label of Penstock starts with. */
    static final String PREFIX = "penstock.io/";

    private final String name;
    private final Form form;
    private final String otherwise;
    private final String meaning;

    PodAnnotation(String name, Form form, String otherwise, String meaning) {
        this.name = name;
        this.form = form;
        this.otherwise = otherwise;
        this.meaning = meaning;
    }

    String key() {
        return PREFIX + name;
    }

    Form form() {
        return form;
    }

    /** The default, as the table in the documentation says it. */
    String otherwise() {
        return otherwise;
    }

    String meaning() {
        return meaning;
    }

    static Optional<PodAnnotation> of(String key) {
        return Stream.of(values()).filter(known -> known.key().equals(key)).findFirst();
    }

    /** A half sentence that names the annotation which an unknown key was meant to be, or nothing. */
    static String suggestion(String key) {
        return Suggestion.among(Stream.of(values()).map(PodAnnotation::key).toList(), key);
    }
}
