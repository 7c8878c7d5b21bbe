package io.penstock.classify;

/** Where in its life an interception failed. */
public enum Phase {
    /** No connection to the upstream was made. */
    CONNECT("connect"),
    /** An upstream was reached, and nothing had gone to the application yet. */
    PRE_COMMIT("pre_commit"),
    /** Bytes of the answer had gone to the application already. */
    MID_STREAM("mid_stream"),
    /** The request never left the pod. */
    GATEWAY("gateway");

    private final String label;

    Phase(String label) {
        this.label = label;
    }

    public String label() {
        return label;
    }
}
