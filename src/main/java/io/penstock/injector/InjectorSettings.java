package io.penstock.injector;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the operator decided for all pods; annotations of a pod can change some of it (see {@link PodAnnotation}). Immutable.
 *
 * @param scrapeAnnotations whether injected pods get {@code prometheus.io/} annotations
 * @param excludeNamespaces whose pods are never injected, whatever they ask for
 */
public record InjectorSettings(
        Sidecar sidecar,
        Interception interception,
        Redirect redirect,
        Policy policy,
        boolean scrapeAnnotations,
        Set<String> excludeNamespaces) {

    /**
     * The sidecar as it is by default.
     *
     * @param runAsUser the uid it runs as; null leaves the choice to the platform
     * @param drain how long open streams may finish after SIGTERM
     */
    record Sidecar(
            String image,
            String imagePullPolicy,
            Resources resources,
            String logLevel,
            Duration drain,
            @Nullable Integer runAsUser,
            NativeSidecar nativeSidecar) {}

    /** Kubernetes quantities by resource, in the order of the file. */
    record Resources(Map<String, String> requests, Map<String, String> limits) {}

    /**
     * What redirect mode sends to the sidecar.
     *
     * @param hosts names or addresses of hosts in the cluster
     * @param ports TCP ports of these hosts
     * @param image of the init container that writes the rules; null is the pod's sidecar's own, which has {@code nft}
     */
    record Redirect(
            List<String> hosts,
            List<Integer> ports,
            @Nullable String image) {}

    /**
     * Which policy pods get.
     *
     * @param configMap the name of the ConfigMap in the pod's namespace
     * @param source the ConfigMap that every injected namespace gets a copy of, or null where none is kept
     * @param owner the name of the ClusterRole whose removal takes the copies along, or null
     */
    record Policy(
            String configMap,
            @Nullable Source source,
            @Nullable String owner) {}

    /** A ConfigMap. */
    record Source(String namespace, String name) {
        @Override
        public String toString() {
            return namespace + "/" + name;
        }
    }

    /** Whether the sidecar is an init container that stays: Kubernetes has these from 1.29 on. */
    enum NativeSidecar {
        AUTO,
        ALWAYS,
        NEVER
    }

    /** How an application's calls get to its sidecar. */
    enum Interception {
        /** By the variables that the SDKs take their base URL from. */
        ENV,
        /** By rules in the pod's network that catch plain HTTP to named hosts. */
        REDIRECT
    }
}
