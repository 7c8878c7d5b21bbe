package io.penstock.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.penstock.injector.WebhookCertificate;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.awaitility.core.ConditionFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Two injectors and a real Kubernetes API server, with the rights that the chart gives. Skipped where the server was not built
 * ({@code .ci/kube-apiserver.sh}).
 */
class KubernetesIT {
    private static final String ROLE = """
            {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRole", "metadata": {"name": "penstock-injector"},
            "rules": [
            {"apiGroups": [""], "resources": ["namespaces"], "verbs": ["get", "list", "watch"]},
            {"apiGroups": [""], "resources": ["configmaps"], "resourceNames": ["penstock-policy"],
            "verbs": ["get", "list", "watch", "create", "patch", "delete"]},
            {"apiGroups": ["rbac.authorization.k8s.io"], "resources": ["clusterroles"],
            "resourceNames": ["penstock-injector"], "verbs": ["get"]}]}""";
    private static final String BINDING = """
            {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRoleBinding", "metadata": {"name": "penstock-injector"},
            "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "penstock-injector"},
            "subjects": [{"kind": "User", "name": "%s"}]}""".formatted(KubernetesServer.INJECTOR_USER);
    private static final String SETTINGS = """
            sidecar:
              image: registry.example/penstock:0.1.0
              resources: {requests: {cpu: 10m, memory: 64Mi}, limits: {memory: 128Mi}}
            policy:
              configMap: penstock-policy
              source: {namespace: penstock-system, name: penstock-policy}
              owner: {apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, name: penstock-injector}
            excludeNamespaces: [kube-system, penstock-system]
            """;
    private static final String WEBHOOK = """
            {"name": "%s.penstock.io", "admissionReviewVersions": ["v1"], "sideEffects": "None", "failurePolicy": "Ignore",
            "reinvocationPolicy": "IfNeeded", "timeoutSeconds": 5,
            "clientConfig": {"url": "https://127.0.0.1:%d/inject", "caBundle": "%s"},
            "namespaceSelector": {"matchLabels": {"penstock.io/injection": "enabled"}},
            "rules": [{"apiGroups": [""], "apiVersions": ["v1"], "operations": ["CREATE"], "resources": ["pods"]}]}""";
    private static final String POD =
            "{\"apiVersion\": \"v1\", \"kind\": \"Pod\", \"metadata\": {\"generateName\": \"web-\"}, \"spec\": {%s"
                    + "\"initContainers\": [{\"name\": \"warm-up\", \"image\": \"warm:1\"}],"
                    + "\"containers\": [{\"name\": \"app\", \"image\": \"shop:1\"}]}}";
    private static final String SOURCE = "/api/v1/namespaces/penstock-system/configmaps/penstock-policy";

    private static @Nullable KubernetesServer kubernetes;
    private static @Nullable InjectorReplicas injectors;
    private static @Nullable Balancer service;

    @SuppressWarnings("NullAway.Init")
    private static Cluster admin;

    @BeforeAll
    static void start() throws Exception {
        Optional<Path> binaries = KubernetesServer.binaries();
        if (binaries.isEmpty()) {
            System.out.println("KubernetesIT is skipped: no kube-apiserver here; .ci/kube-apiserver.sh builds one");
            return;
        }
        KubernetesServer server = KubernetesServer.start(binaries.get());
        kubernetes = server;
        admin = new Cluster(server, KubernetesServer.ADMIN);
        admin.create("/apis/rbac.authorization.k8s.io/v1/clusterroles", ROLE).expect(201);
        admin.create("/apis/rbac.authorization.k8s.io/v1/clusterrolebindings", BINDING)
                .expect(201);
        namespace("penstock-system", "");
        admin.create(
                        "/api/v1/namespaces/penstock-system/configmaps",
                        configMap("penstock-policy", "records: {store: memory}"))
                .expect(201);
        WebhookCertificate certificate = WebhookCertificate.make("RSA", "penstock-injector.penstock-system.svc");
        InjectorReplicas replicas = new InjectorReplicas(
                2,
                SETTINGS,
                certificate,
                Map.of(
                        "KUBERNETES_SERVICE_HOST", "127.0.0.1",
                        "KUBERNETES_SERVICE_PORT", String.valueOf(server.port()),
                        "PENSTOCK_INJECTOR_SERVICE_ACCOUNT",
                                server.serviceAccount().toString()));
        injectors = replicas;
        Balancer balancer = new Balancer(replicas.ports());
        service = balancer;
        String authority =
                Base64.getEncoder().encodeToString(certificate.certificatePem().getBytes(StandardCharsets.US_ASCII));
        // Twice the same, so that the second asks for a pod that has its sidecar already.
        admin.create(
                        "/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations",
                        "{\"apiVersion\": \"admissionregistration.k8s.io/v1\", \"kind\": \"MutatingWebhookConfiguration\","
                                + "\"metadata\": {\"name\": \"penstock\"}, \"webhooks\": ["
                                + WEBHOOK.formatted("first", balancer.port(), authority) + ","
                                + WEBHOOK.formatted("second", balancer.port(), authority) + "]}")
                .expect(201);
        namespace("shop", "\"penstock.io/injection\": \"enabled\"");
        namespace("elsewhere", "");
        // API servers take a new webhook into use within a moment.
        patiently().until(() -> !sidecar(dryRun("shop")).isMissingNode());
    }

    @AfterAll
    static void stop() throws Exception {
        if (injectors != null) {
            injectors.close();
        }
        if (service != null) {
            service.close();
        }
        if (kubernetes != null) {
            kubernetes.close();
        }
    }

    @BeforeEach
    void needsAServer() {
        assumeTrue(kubernetes != null, "no kube-apiserver here; .ci/kube-apiserver.sh builds one");
    }

    @Test
    void podsOfALabelledNamespaceGetANativeSidecarWithoutAToken() throws Exception {
        JsonNode pod = admin.create(pods("shop"), POD.formatted("")).expect(201).body();

        assertThat(names(pod.at("/spec/initContainers"))).containsExactly("penstock", "warm-up");
        assertThat(sidecar(pod).path("restartPolicy").asText()).isEqualTo("Always");
        assertThat(pod.at("/spec/containers/0/env/0/value").asText()).isEqualTo("http://127.0.0.1:4100/openai/v1");
        assertThat(tokens(pod.at("/spec/containers/0")))
                .singleElement()
                .asString()
                .startsWith("kube-api-access-");
        assertThat(tokens(sidecar(pod))).containsExactly("penstock-no-token");
        assertThat(pod.at("/metadata/annotations/penstock.io~1status").asText()).contains("\"mode\":\"native\"");
    }

    @Test
    void podsElsewhereStayAsTheyAre() throws Exception {
        JsonNode pod =
                admin.create(pods("elsewhere"), POD.formatted("")).expect(201).body();

        assertThat(sidecar(pod).isMissingNode()).isTrue();
        assertThat(pod.path("metadata").has("annotations")).isFalse();
    }

    @Test
    void podsOfADeploymentAndOfAJobAreInjected() throws Exception {
        String template =
                "\"template\": {\"metadata\": {\"labels\": {\"app\": \"%1$s\"}}, \"spec\": {%2$s\"containers\":"
                        + " [{\"name\": \"app\", \"image\": \"shop:1\"}]}}";
        admin.create(
                        "/apis/apps/v1/namespaces/shop/deployments",
                        "{\"metadata\": {\"name\": \"web\"}, \"spec\": {\"selector\": {\"matchLabels\": {\"app\": \"web\"}},"
                                + template.formatted("web", "") + "}}")
                .expect(201);
        admin.create(
                        "/apis/batch/v1/namespaces/shop/jobs",
                        "{\"metadata\": {\"name\": \"nightly\"}, \"spec\": {"
                                + template.formatted("nightly", "\"restartPolicy\": \"Never\",") + "}}")
                .expect(201);

        for (String app : List.of("web", "nightly")) {
            patiently().untilAsserted(() -> {
                JsonNode found =
                        admin.get(pods("shop") + "?labelSelector=app%3D" + app).body();
                assertThat(found.path("items")).isNotEmpty();
                assertThat(sidecar(found.at("/items/0")).path("image").asText())
                        .isEqualTo("registry.example/penstock:0.1.0");
            });
        }
    }

    @Test
    void theOneWhoCreatesAPodReadsWhyItGetsNoSidecar() throws Exception {
        Cluster.Answer answer = admin.create(pods("shop"), POD.formatted("\"hostNetwork\": true,"))
                .expect(201);

        assertThat(sidecar(answer.body()).isMissingNode()).isTrue();
        assertThat(answer.warnings()).anySatisfy(warning -> assertThat(warning)
                .contains("no Penstock sidecar: the pod is on its node's network"));
    }

    @Test
    void aDryRunShowsThePodAndLeavesNothing() throws Exception {
        namespace("trial", "\"penstock.io/injection\": \"enabled\"");

        assertThat(sidecar(dryRun("trial")).path("name").asText()).isEqualTo("penstock");
        assertThat(admin.get(pods("trial")).body().path("items")).isEmpty();
    }

    @Test
    void aSecondWebhookCallChangesNothing() throws Exception {
        double unchanged = replicas().metric("penstock_injections_total{result=\"unchanged\"");

        JsonNode pod = admin.create(pods("shop"), POD.formatted("")).expect(201).body();

        assertThat(names(pod.at("/spec/initContainers"))).containsOnlyOnce("penstock");
        assertThat(replicas().metric("penstock_injections_total{result=\"unchanged\""))
                .isGreaterThan(unchanged);
    }

    @Test
    void policyReachesTheNamespaceAndIsRemovedWithItsLabel() throws Exception {
        namespace("tenant", "\"penstock.io/injection\": \"enabled\"");
        patiently().untilAsserted(() -> assertThat(
                        copy("tenant").body().at("/data/penstock.yaml").asText())
                .isEqualTo(source()));
        JsonNode copy = copy("tenant").body();
        assertThat(copy.at("/metadata/labels/app.kubernetes.io~1managed-by").asText())
                .isEqualTo("penstock-injector");
        assertThat(copy.at("/metadata/annotations/penstock.io~1policy-source").asText())
                .isEqualTo("penstock-system/penstock-policy");
        assertThat(copy.at("/metadata/ownerReferences/0/name").asText()).isEqualTo("penstock-injector");

        admin.merge(copyPath("tenant"), "{\"data\": {\"penstock.yaml\": \"somebody was here\"}}")
                .expect(200);
        patiently().untilAsserted(() -> assertThat(
                        copy("tenant").body().at("/data/penstock.yaml").asText())
                .isEqualTo(source()));

        admin.delete(copyPath("tenant")).expect(200);
        patiently().until(() -> copy("tenant").status() == 200);

        admin.merge("/api/v1/namespaces/tenant", "{\"metadata\": {\"labels\": {\"penstock.io/injection\": null}}}")
                .expect(200);
        patiently().until(() -> copy("tenant").status() == 404);
    }

    @Test
    void aConfigMapOfSomebodyElseIsLeftAlone() throws Exception {
        namespace("proud", "");
        admin.create("/api/v1/namespaces/proud/configmaps", configMap("penstock-policy", "records: {capacity: 7}"))
                .expect(201);
        double keptOut = replicas().metric("penstock_policy_copies_total{result=\"kept_out\"");

        admin.merge(
                        "/api/v1/namespaces/proud",
                        "{\"metadata\": {\"labels\": {\"penstock.io/injection\": \"enabled\"}}}")
                .expect(200);

        patiently().until(() -> replicas().metric("penstock_policy_copies_total{result=\"kept_out\"") >= keptOut + 2);
        assertThat(copy("proud").body().at("/data/penstock.yaml").asText()).isEqualTo("records: {capacity: 7}");
    }

    @Test
    void anEditReachesTheCopiesUnlessItIsWrongAndEvenAfterTheApiServerCrashed() throws Exception {
        edit("records: {capacity: 100}");
        patiently().untilAsserted(() -> assertThat(
                        copy("shop").body().at("/data/penstock.yaml").asText())
                .isEqualTo("records: {capacity: 100}"));

        edit("rutes: []");
        patiently().until(() -> replicas().metric("penstock_policy_source_valid") == 0);
        assertThat(copy("shop").body().at("/data/penstock.yaml").asText()).isEqualTo("records: {capacity: 100}");

        Objects.requireNonNull(kubernetes).restartApiServer();
        edit("records: {capacity: 200}");
        patiently().untilAsserted(() -> assertThat(
                        copy("shop").body().at("/data/penstock.yaml").asText())
                .isEqualTo("records: {capacity: 200}"));
        // Of both replicas: either may have written the copy before the other had seen the edit.
        patiently().until(() -> replicas().metric("penstock_policy_source_valid") == 2);
    }

    @Test
    void theInjectorMayNothingElse() throws Exception {
        Cluster injector = new Cluster(Objects.requireNonNull(kubernetes), KubernetesServer.INJECTOR);

        for (String path : List.of(
                "/api/v1/secrets",
                "/api/v1/pods",
                "/api/v1/configmaps",
                "/api/v1/namespaces/shop/configmaps/kube-root-ca.crt")) {
            assertThat(injector.get(path).status()).as(path).isEqualTo(403);
        }
    }

    @Test
    void podsAreLetInWhereTheWebhookIsDown() throws Exception {
        WebhookCertificate nobody = WebhookCertificate.make("EC", "nobody");
        String path = "/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations";
        String authority =
                Base64.getEncoder().encodeToString(nobody.certificatePem().getBytes(StandardCharsets.US_ASCII));
        admin.create(
                        path,
                        "{\"metadata\": {\"name\": \"down\"}, \"webhooks\": ["
                                + WEBHOOK.formatted("down", PenstockProcess.freePort(), authority)
                                        .replace(
                                                "\"matchLabels\": {\"penstock.io/injection\": \"enabled\"}",
                                                "\"matchLabels\": {\"down\": \"yes\"}")
                                + "]}")
                .expect(201);
        namespace("unlucky", "\"down\": \"yes\"");

        assertThat(sidecar(admin.create(pods("unlucky"), POD.formatted(""))
                                .expect(201)
                                .body())
                        .isMissingNode())
                .isTrue();
        admin.delete(path + "/down").expect(200);
    }

    private static void namespace(String name, String labels) throws Exception {
        admin.create(
                        "/api/v1/namespaces",
                        "{\"metadata\": {\"name\": \"%s\", \"labels\": {%s}}}".formatted(name, labels))
                .expect(201);
        // Without the namespace's account no pod can be created in it.
        patiently()
                .until(() -> admin.get("/api/v1/namespaces/" + name + "/serviceaccounts/default")
                                .status()
                        == 200);
    }

    private static void edit(String policy) throws Exception {
        admin.merge(SOURCE, "{\"data\": {\"penstock.yaml\": \"%s\"}}".formatted(policy))
                .expect(200);
    }

    private static String source() throws Exception {
        return admin.get(SOURCE).body().at("/data/penstock.yaml").asText();
    }

    private static Cluster.Answer copy(String namespace) throws Exception {
        return admin.get(copyPath(namespace));
    }

    private static String copyPath(String namespace) {
        return "/api/v1/namespaces/" + namespace + "/configmaps/penstock-policy";
    }

    private static String configMap(String name, String policy) {
        return "{\"metadata\": {\"name\": \"%s\"}, \"data\": {\"penstock.yaml\": \"%s\"}}".formatted(name, policy);
    }

    private static JsonNode dryRun(String namespace) throws IOException, InterruptedException {
        return admin.create(pods(namespace) + "?dryRun=All", POD.formatted(""))
                .expect(201)
                .body();
    }

    private static String pods(String namespace) {
        return "/api/v1/namespaces/" + namespace + "/pods";
    }

    private static InjectorReplicas replicas() {
        return Objects.requireNonNull(injectors);
    }

    private static JsonNode sidecar(JsonNode pod) {
        return StreamSupport.stream(pod.at("/spec/initContainers").spliterator(), false)
                .filter(container -> container.path("name").asText().equals("penstock"))
                .findFirst()
                .orElse(MissingNode.getInstance());
    }

    private static List<String> names(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false)
                .map(element -> element.path("name").asText())
                .toList();
    }

    /** The volumes that are mounted where tokens are. */
    private static List<String> tokens(JsonNode container) {
        return StreamSupport.stream(container.path("volumeMounts").spliterator(), false)
                .filter(mount ->
                        mount.path("mountPath").asText().equals("/var/run/secrets/kubernetes.io/serviceaccount"))
                .map(mount -> mount.path("name").asText())
                .toList();
    }

    private static ConditionFactory patiently() {
        return await().atMost(Duration.ofSeconds(90)).pollInterval(Duration.ofMillis(200));
    }
}
