package io.penstock.injector;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** The three views that keeping policies takes. ConfigMaps are asked for by name, which is all that the role allows. */
final class WatchedResource {
    private static final String INJECTED = PodAnnotation.PREFIX + "injection=enabled";

    private WatchedResource() {}

    static ListWatch.Resource namespaces() {
        return new ListWatch.Resource() {
            @Override
            public Uni<RestResponse<String>> list(KubernetesApi api, String bearer, int limit, @Nullable String next) {
                return api.namespaces(bearer, INJECTED, limit, next);
            }

            @Override
            public Multi<byte[]> watch(KubernetesApi api, String bearer, int seconds, String version) {
                return api.watchNamespaces(bearer, INJECTED, true, true, seconds, version);
            }
        };
    }

    static ListWatch.Resource configMaps(String name) {
        return new ListWatch.Resource() {
            @Override
            public Uni<RestResponse<String>> list(KubernetesApi api, String bearer, int limit, @Nullable String next) {
                return api.configMaps(bearer, named(name), limit, next);
            }

            @Override
            public Multi<byte[]> watch(KubernetesApi api, String bearer, int seconds, String version) {
                return api.watchConfigMaps(bearer, named(name), true, true, seconds, version);
            }
        };
    }

    static ListWatch.Resource configMapsIn(String namespace, String name) {
        return new ListWatch.Resource() {
            @Override
            public Uni<RestResponse<String>> list(KubernetesApi api, String bearer, int limit, @Nullable String next) {
                return api.configMapsIn(bearer, namespace, named(name), limit, next);
            }

            @Override
            public Multi<byte[]> watch(KubernetesApi api, String bearer, int seconds, String version) {
                return api.watchConfigMapsIn(bearer, namespace, named(name), true, true, seconds, version);
            }
        };
    }

    private static String named(String name) {
        return "metadata.name=" + name;
    }
}
