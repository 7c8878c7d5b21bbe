package io.penstock.injector;

/** Why a pod gets no sidecar. The label is the value of a metric label and of an audit annotation: it never changes. */
enum SkipReason {
    NOT_A_POD_CREATION("not_a_pod_creation", "only pods that are created get a sidecar"),
    NAMESPACE_EXCLUDED("namespace_excluded", "the settings exclude this namespace (excludeNamespaces)"),
    OPTED_OUT("opted_out", "the label penstock.io/inject says no"),
    STATIC_POD("static_pod", "a static pod is the kubelet's: what is changed here would not run"),
    HOST_NETWORK("host_network", "the pod is on its node's network, where the sidecar's ports would be the node's"),
    WINDOWS("windows", "the sidecar runs on Linux only"),
    INVALID_ANNOTATION("invalid_annotation", "an annotation cannot be understood"),
    NAME_TAKEN("name_taken", "the pod has a container or a volume of its own by a name of the sidecar's"),
    PORT_TAKEN("port_taken", "a container of the pod has the sidecar's port"),
    WOULD_NEVER_FINISH(
            "would_never_finish",
            "this cluster has no native sidecars (Kubernetes 1.29), and an ordinary one would keep the pod from finishing"),
    REDIRECT_WITHOUT_USER(
            "redirect_without_user", "redirect exempts the sidecar by its uid, and sidecar.runAsUser leaves that open"),
    NO_CONTAINER_SERVED(
            "no_container_served",
            "no container would use the sidecar: all are skipped, or set the variables themselves");

    private final String label;
    private final String sentence;

    SkipReason(String label, String sentence) {
        this.label = label;
        this.sentence = sentence;
    }

    String label() {
        return label;
    }

    String sentence() {
        return sentence;
    }
}
