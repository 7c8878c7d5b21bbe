package io.penstock.policy;

/**
 * What this process is. One executable holds every role, so whatever starts with Quarkus asks which one it was started as:
 * the property {@link #PROPERTY}, which a command sets before Quarkus starts.
 */
public enum Role {
    /** Relays traffic: the sidecar. */
    GATEWAY,
    /** Answers the admission webhook and keeps the namespaces' policies. */
    INJECTOR;

    /** The configuration property that holds the role; {@code gateway} where it is not set. */
    public static final String PROPERTY = "penstock.role";
}
