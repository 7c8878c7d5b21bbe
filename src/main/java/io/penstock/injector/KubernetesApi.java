package io.penstock.injector;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/**
 * The handful of calls that the injector makes to the Kubernetes API. Bodies are JSON text, which {@link Kubernetes} reads
 * as a tree. {@code bearer} is the whole {@code Authorization} header.
 */
@Path("/")
@Produces(MediaType.APPLICATION_JSON)
public interface KubernetesApi {
    /** The media type of server-side apply; JSON is YAML. */
    String APPLY = "application/apply-patch+yaml";

    @GET
    @Path("version")
    Uni<RestResponse<String>> version(@HeaderParam("Authorization") String bearer);

    @GET
    @Path("api/v1/namespaces")
    Uni<RestResponse<String>> namespaces(
            @HeaderParam("Authorization") String bearer,
            @QueryParam("labelSelector") String labels,
            @QueryParam("limit") int limit,
            @QueryParam("continue") @Nullable String next);

    @GET
    @Path("api/v1/namespaces")
    Multi<byte[]> watchNamespaces(
            @HeaderParam("Authorization") String bearer,
            @QueryParam("labelSelector") String labels,
            @QueryParam("watch") boolean watch,
            @QueryParam("allowWatchBookmarks") boolean bookmarks,
            @QueryParam("timeoutSeconds") int seconds,
            @QueryParam("resourceVersion") String version);

    @GET
    @Path("api/v1/configmaps")
    Uni<RestResponse<String>> configMaps(
            @HeaderParam("Authorization") String bearer,
            @QueryParam("fieldSelector") String fields,
            @QueryParam("limit") int limit,
            @QueryParam("continue") @Nullable String next);

    @GET
    @Path("api/v1/configmaps")
    Multi<byte[]> watchConfigMaps(
            @HeaderParam("Authorization") String bearer,
            @QueryParam("fieldSelector") String fields,
            @QueryParam("watch") boolean watch,
            @QueryParam("allowWatchBookmarks") boolean bookmarks,
            @QueryParam("timeoutSeconds") int seconds,
            @QueryParam("resourceVersion") String version);

    @GET
    @Path("api/v1/namespaces/{namespace}/configmaps")
    Uni<RestResponse<String>> configMapsIn(
            @HeaderParam("Authorization") String bearer,
            @PathParam("namespace") String namespace,
            @QueryParam("fieldSelector") String fields,
            @QueryParam("limit") int limit,
            @QueryParam("continue") @Nullable String next);

    @GET
    @Path("api/v1/namespaces/{namespace}/configmaps")
    Multi<byte[]> watchConfigMapsIn(
            @HeaderParam("Authorization") String bearer,
            @PathParam("namespace") String namespace,
            @QueryParam("fieldSelector") String fields,
            @QueryParam("watch") boolean watch,
            @QueryParam("allowWatchBookmarks") boolean bookmarks,
            @QueryParam("timeoutSeconds") int seconds,
            @QueryParam("resourceVersion") String version);

    @PATCH
    @Path("api/v1/namespaces/{namespace}/configmaps/{name}")
    @Consumes(APPLY)
    Uni<RestResponse<String>> applyConfigMap(
            @HeaderParam("Authorization") String bearer,
            @PathParam("namespace") String namespace,
            @PathParam("name") String name,
            @QueryParam("fieldManager") String manager,
            @QueryParam("force") boolean force,
            String configMap);

    @DELETE
    @Path("api/v1/namespaces/{namespace}/configmaps/{name}")
    @Consumes(MediaType.APPLICATION_JSON)
    Uni<RestResponse<String>> deleteConfigMap(
            @HeaderParam("Authorization") String bearer,
            @PathParam("namespace") String namespace,
            @PathParam("name") String name,
            String options);

    @GET
    @Path("apis/rbac.authorization.k8s.io/v1/clusterroles/{name}")
    Uni<RestResponse<String>> clusterRole(@HeaderParam("Authorization") String bearer, @PathParam("name") String name);
}
