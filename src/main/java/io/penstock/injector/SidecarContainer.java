package io.penstock.injector;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.penstock.injector.InjectorSettings.Interception;
import io.penstock.injector.InjectorSettings.Resources;
import org.jspecify.annotations.Nullable;

/** The sidecar as a container of a pod, and the volumes it needs. */
final class SidecarContainer {
    static final String NAME = "penstock";

    /** Data plane, on the pod's loopback only. */
    static final int DATA_PORT = 4100;

    /** Health and metrics, on all addresses of the pod: the kubelet and Prometheus come from outside. */
    static final int MANAGEMENT_PORT = 4190;

    static final String DATA_PLANE = "http://127.0.0.1:" + DATA_PORT;

    /** The uid it runs as unless the settings say otherwise. */
    static final int USER = 65_532;

    static final String TMP_VOLUME = "penstock-tmp";
    private static final String POLICY_VOLUME = "penstock-policy";
    private static final String KEYS_VOLUME = "penstock-keys";
    private static final String NO_TOKEN_VOLUME = "penstock-no-token";
    private static final String POLICY_DIRECTORY = "/etc/penstock";
    private static final String KEYS_DIRECTORY = "/var/run/penstock/keys";
    private static final String TOKEN_DIRECTORY = "/var/run/secrets/kubernetes.io/serviceaccount";
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final InjectorSettings settings;
    private final PodOptions options;

    SidecarContainer(InjectorSettings settings, PodOptions options) {
        this.settings = settings;
        this.options = options;
    }

    ObjectNode container(SidecarMode mode) {
        ObjectNode container = JSON.objectNode();
        container.put("name", NAME);
        container.put("image", options.image());
        container.put("imagePullPolicy", settings.sidecar().imagePullPolicy());
        container.putArray("args").add("serve");
        if (mode == SidecarMode.NATIVE) {
            container.put("restartPolicy", "Always");
        }
        environment(container.putArray("env"));
        container
                .putArray("ports")
                .addObject()
                .put("name", "penstock-mgmt")
                .put("containerPort", MANAGEMENT_PORT)
                .put("protocol", "TCP");
        // Up to a minute to start: a node that pulls images and starts pods by the dozen is slow.
        container.set("startupProbe", probe("/health/started", 1, 60));
        container.set("livenessProbe", probe("/health/live", 10, 3));
        container.set("readinessProbe", probe("/health/ready", 5, 3));
        resources(container, options.resources());
        container.set("securityContext", hardened(settings.sidecar().runAsUser()));
        container.put("terminationMessagePolicy", "FallbackToLogsOnError");
        mounts(container.putArray("volumeMounts"));
        return container;
    }

    ArrayNode volumes() {
        ArrayNode volumes = JSON.arrayNode();
        ObjectNode policy = volumes.addObject().put("name", POLICY_VOLUME).putObject("configMap");
        // The copy may come a moment after the first pod; a ConfigMap that the pod itself names has to be there.
        policy.put("name", options.configMap()).put("optional", !options.ownConfig());
        volumes.addObject().put("name", TMP_VOLUME).putObject("emptyDir").put("sizeLimit", "64Mi");
        volumes.addObject().put("name", NO_TOKEN_VOLUME).putObject("emptyDir").put("sizeLimit", "1Mi");
        if (options.keysSecret() != null) {
            volumes.addObject().put("name", KEYS_VOLUME).putObject("secret").put("secretName", options.keysSecret());
        }
        return volumes;
    }

    private void environment(ArrayNode env) {
        field(env, "POD_NAME", "metadata.name");
        field(env, "POD_NAMESPACE", "metadata.namespace");
        variable(env, "PENSTOCK_DRAIN", options.drain().plusMillis(999).toSeconds() + "s");
        variable(env, "QUARKUS_LOG_CATEGORY__IO_PENSTOCK__LEVEL", options.logLevel());
        if (options.ownConfig()) {
            variable(env, "PENSTOCK_POLICY", POLICY_DIRECTORY + "/penstock.yaml");
        }
        if (options.interception() == Interception.REDIRECT) {
            variable(env, "PENSTOCK_REDIRECT", "true");
        }
    }

    private void mounts(ArrayNode mounts) {
        mount(mounts, POLICY_VOLUME, POLICY_DIRECTORY, true);
        mount(mounts, TMP_VOLUME, "/tmp", false);
        // The API server mounts the pod's token into every container that has nothing mounted there.
        mount(mounts, NO_TOKEN_VOLUME, TOKEN_DIRECTORY, true);
        if (options.keysSecret() != null) {
            mount(mounts, KEYS_VOLUME, KEYS_DIRECTORY, true);
        }
    }

    static void resources(ObjectNode container, Resources resources) {
        ObjectNode node = container.putObject("resources");
        if (!resources.requests().isEmpty()) {
            ObjectNode requests = node.putObject("requests");
            resources.requests().forEach(requests::put);
        }
        if (!resources.limits().isEmpty()) {
            ObjectNode limits = node.putObject("limits");
            resources.limits().forEach(limits::put);
        }
    }

    static void variable(ArrayNode env, String name, String value) {
        env.addObject().put("name", name).put("value", value);
    }

    static void mount(ArrayNode mounts, String volume, String path, boolean readOnly) {
        ObjectNode mount = mounts.addObject().put("name", volume).put("mountPath", path);
        if (readOnly) {
            mount.put("readOnly", true);
        }
    }

    private static void field(ArrayNode env, String name, String path) {
        env.addObject()
                .put("name", name)
                .putObject("valueFrom")
                .putObject("fieldRef")
                .put("fieldPath", path);
    }

    private static ObjectNode probe(String path, int periodSeconds, int failureThreshold) {
        ObjectNode probe = JSON.objectNode();
        probe.putObject("httpGet").put("path", path).put("port", MANAGEMENT_PORT);
        return probe.put("periodSeconds", periodSeconds)
                .put("timeoutSeconds", 2)
                .put("failureThreshold", failureThreshold);
    }

    private static ObjectNode hardened(@Nullable Integer user) {
        ObjectNode context = JSON.objectNode();
        context.put("runAsNonRoot", true);
        if (user != null) {
            context.put("runAsUser", user).put("runAsGroup", user);
        }
        context.put("allowPrivilegeEscalation", false).put("readOnlyRootFilesystem", true);
        context.putObject("capabilities").putArray("drop").add("ALL");
        context.putObject("seccompProfile").put("type", "RuntimeDefault");
        return context;
    }
}
