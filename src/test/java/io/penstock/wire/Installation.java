package io.penstock.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.penstock.chart.Tool;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.awaitility.core.ConditionFactory;

/**
 * A cluster in which Helm installs the chart: a real API server and controller manager, and a node for the injector's pods.
 * The API server finds them as anywhere, by the Service and its endpoints.
 */
final class Installation implements AutoCloseable {
    static final String NAMESPACE = "penstock-system";

    private final PodTunnel tunnel;
    private final KubernetesServer kubernetes;
    private final Cluster admin;
    private final InjectorNode node;

    /** Why there can be none here, or empty. */
    static Optional<String> obstacle() {
        if (KubernetesServer.binaries().isEmpty()) {
            return Optional.of("no kube-apiserver here; .ci/kube-apiserver.sh builds one");
        }
        return Stream.of(Tool.HELM3, Tool.HELM4, Tool.KUBECTL).allMatch(Tool::isHere)
                ? Optional.empty()
                : Optional.of("no Helm and kubectl here; .ci/helm.sh fetches them");
    }

    Installation() throws Exception {
        Path binaries = KubernetesServer.binaries().orElseThrow();
        tunnel = new PodTunnel();
        kubernetes = KubernetesServer.start(binaries, tunnel);
        admin = new Cluster(kubernetes, KubernetesServer.ADMIN);
        node = new InjectorNode(kubernetes, admin, tunnel, NAMESPACE);
    }

    KubernetesServer kubernetes() {
        return kubernetes;
    }

    Cluster admin() {
        return admin;
    }

    InjectorNode node() {
        return node;
    }

    String helm(Tool helm, String... arguments) {
        List<String> line = new ArrayList<>(List.of(arguments));
        line.addAll(List.of("--namespace", NAMESPACE));
        return helm.run(line, environment()).good();
    }

    void install(Tool helm) throws Exception {
        helm(
                helm,
                "install",
                "penstock",
                "helm/penstock",
                "--create-namespace",
                "--wait",
                "--timeout",
                "100s",
                "--set",
                "image.repository=registry.example/penstock,image.tag=1.2.3");
    }

    /** As docs/kubernetes.md says, with values besides. */
    void upgrade(String values) {
        helm(
                Tool.HELM4,
                "upgrade",
                "penstock",
                "helm/penstock",
                "--reset-then-reuse-values",
                "--wait",
                "--timeout",
                "100s",
                "--set",
                values);
        patiently().until(node::atRest);
    }

    void rollback() {
        helm(Tool.HELM4, "rollback", "penstock", "--wait", "--timeout", "100s");
        patiently().until(node::atRest);
    }

    Tool.Run kubectl(String... arguments) {
        return Tool.KUBECTL.run(List.of(arguments), environment());
    }

    /** Makes a namespace, with labels as JSON members, in which pods can be created. */
    void namespace(String name, String labels) throws Exception {
        admin.create(
                        "/api/v1/namespaces",
                        "{\"metadata\": {\"name\": \"%s\", \"labels\": {%s}}}".formatted(name, labels))
                .expect(201);
        awaitAccount(name);
    }

    /** Without the namespace's account no pod can be created in it. */
    void awaitAccount(String namespace) {
        patiently()
                .until(() -> admin.get("/api/v1/namespaces/" + namespace + "/serviceaccounts/default")
                                .status()
                        == 200);
    }

    /** The one pod with this label, which a controller makes. */
    JsonNode podOf(String namespace, String app) throws IOException, InterruptedException {
        patiently().until(() -> !pods(namespace, app).isEmpty());
        JsonNode pods = pods(namespace, app);
        assertThat(pods).hasSize(1);
        return pods.get(0);
    }

    private JsonNode pods(String namespace, String app) throws IOException, InterruptedException {
        return admin.get("/api/v1/namespaces/" + namespace + "/pods?labelSelector=app%3D" + app)
                .expect(200)
                .body()
                .path("items");
    }

    static ConditionFactory patiently() {
        return await().atMost(Duration.ofSeconds(90)).pollInterval(Duration.ofMillis(200));
    }

    @Override
    public void close() {
        node.close();
        kubernetes.close();
        tunnel.close();
    }

    private Map<String, String> environment() {
        return Map.of("KUBECONFIG", kubernetes.kubeconfig().toString());
    }
}
