package io.penstock.chart;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * As much of an API server as Helm needs to render with {@code --dry-run=server}: it says its version and which kinds it knows,
 * which are those of the given objects, and holds one Secret.
 */
final class OneSecretCluster implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Map<String, String> NOT_FOUND =
            Map.of("kind", "Status", "apiVersion", "v1", "status", "Failure", "reason", "NotFound");

    private final Map<String, Object> answers = new HashMap<>();
    private final HttpServer server;

    OneSecretCluster(List<Map<String, Object>> known, Map<String, Object> secret) throws IOException {
        answers.put("/version", Map.of("major", "1", "minor", "36", "gitVersion", "v" + Chart.CURRENT));
        Map<String, Object> metadata = new HashMap<>(Chart.map(secret.get("metadata")));
        answers.put(
                "/api/v1/namespaces/" + metadata.get("namespace") + "/secrets/" + metadata.get("name"),
                owned(secret, metadata));
        answerForKinds(known);
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            Object answer = answers.get(exchange.getRequestURI().getPath());
            byte[] body = json(answer != null ? answer : NOT_FOUND);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(answer != null ? 200 : 404, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
    }

    String address() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
    }

    /** The object as Helm leaves it in a cluster: with what says that it is the release's. */
    private static Map<String, Object> owned(Map<String, Object> object, Map<String, Object> metadata) {
        Map<String, Object> annotations = new HashMap<>(Chart.map(metadata.get("annotations")));
        annotations.put("meta.helm.sh/release-name", "penstock");
        annotations.put("meta.helm.sh/release-namespace", Chart.NAMESPACE);
        metadata.put("annotations", annotations);
        Map<String, Object> owned = new HashMap<>(object);
        owned.put("metadata", metadata);
        return owned;
    }

    private void answerForKinds(List<Map<String, Object>> known) {
        Map<String, Map<String, Object>> resources = new TreeMap<>();
        for (Map<String, Object> object : known) {
            String kind = object.get("kind").toString();
            String one = kind.toLowerCase(Locale.ROOT);
            resources
                    .computeIfAbsent(object.get("apiVersion").toString(), version -> new TreeMap<>())
                    .put(
                            kind,
                            Map.of(
                                    "name",
                                    one.endsWith("y") ? one.substring(0, one.length() - 1) + "ies" : one + "s",
                                    "singularName",
                                    one,
                                    "kind",
                                    kind,
                                    "namespaced",
                                    Chart.map(object.get("metadata")).containsKey("namespace"),
                                    "verbs",
                                    List.of("get", "create", "patch")));
        }
        List<Object> groups = new ArrayList<>();
        resources.forEach((version, kinds) -> {
            answers.put(
                    (version.equals("v1") ? "/api/" : "/apis/") + version,
                    Map.of("kind", "APIResourceList", "groupVersion", version, "resources", kinds.values()));
            if (!version.equals("v1")) {
                Map<String, String> name =
                        Map.of("groupVersion", version, "version", version.substring(version.indexOf('/') + 1));
                groups.add(Map.of(
                        "name",
                        version.substring(0, version.indexOf('/')),
                        "versions",
                        List.of(name),
                        "preferredVersion",
                        name));
            }
        });
        answers.put("/api", Map.of("kind", "APIVersions", "versions", List.of("v1")));
        answers.put("/apis", Map.of("kind", "APIGroupList", "apiVersion", "v1", "groups", groups));
    }

    private static byte[] json(Object value) {
        try {
            return JSON.writeValueAsString(value).getBytes(StandardCharsets.UTF_8);
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }
}
