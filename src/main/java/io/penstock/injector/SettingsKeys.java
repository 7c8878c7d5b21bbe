package io.penstock.injector;

import io.penstock.policy.KnownKeys;
import java.util.List;

/** What each mapping of the injector's settings may hold: the only table of the keys. */
enum SettingsKeys implements KnownKeys {
    DOCUMENT("sidecar", "interception", "redirect", "policy", "metrics", "excludeNamespaces"),
    SIDECAR("image", "imagePullPolicy", "resources", "logLevel", "drain", "runAsUser", "native"),
    RESOURCES("requests", "limits"),
    QUANTITIES("cpu", "memory", "ephemeral-storage"),
    REDIRECT("hosts", "ports", "image"),
    POLICY("configMap", "source", "owner"),
    SOURCE("namespace", "name"),
    OWNER("apiVersion", "kind", "name"),
    METRICS("scrapeAnnotations");

    private final List<String> names;

    SettingsKeys(String... names) {
        this.names = List.of(names);
    }

    @Override
    public List<String> names() {
        return names;
    }
}
