package io.penstock.injector;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** The init container that writes the redirect rules into the pod's network, and ends. */
final class RedirectContainer {
    static final String NAME = "penstock-redirect";

    private RedirectContainer() {}

    static ObjectNode container(InjectorSettings settings, PodOptions options, int exemptUser) {
        ObjectNode container = JsonNodeFactory.instance.objectNode();
        container.put("name", NAME);
        String image = settings.redirect().image();
        container.put("image", image == null ? options.image() : image);
        container.put("imagePullPolicy", settings.sidecar().imagePullPolicy());
        ArrayNode args = container.putArray("args");
        args.add("redirect").add("--to-port=" + SidecarContainer.DATA_PORT).add("--exempt-user=" + exemptUser);
        options.redirectHosts().forEach(host -> args.add("--host=" + host));
        options.redirectPorts().forEach(port -> args.add("--port=" + port));
        // iptables locks a file under /run, which a read-only root does not have.
        SidecarContainer.variable(container.putArray("env"), "XTABLES_LOCKFILE", "/tmp/xtables.lock");
        SidecarContainer.resources(container, options.resources());
        container.set("securityContext", privileges(image != null));
        container.put("terminationMessagePolicy", "FallbackToLogsOnError");
        SidecarContainer.mount(container.putArray("volumeMounts"), SidecarContainer.TMP_VOLUME, "/tmp", false);
        return container;
    }

    /**
     * Rules are written by root with the capability to do so, and with no other.
     *
     * @param iptables whether it may be iptables that writes them, which opens a raw socket for it
     */
    private static ObjectNode privileges(boolean iptables) {
        ObjectNode context = JsonNodeFactory.instance.objectNode();
        context.put("runAsUser", 0)
                .put("runAsGroup", 0)
                .put("runAsNonRoot", false)
                .put("allowPrivilegeEscalation", false)
                .put("readOnlyRootFilesystem", true);
        ObjectNode capabilities = context.putObject("capabilities");
        capabilities.putArray("drop").add("ALL");
        ArrayNode added = capabilities.putArray("add").add("NET_ADMIN");
        if (iptables) {
            added.add("NET_RAW");
        }
        context.putObject("seccompProfile").put("type", "RuntimeDefault");
        return context;
    }
}
