package io.penstock.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.penstock.injector.WebhookCertificate;
import io.penstock.simulator.Simulator;
import io.penstock.simulator.Voice;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.awaitility.core.ConditionFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The life of injected pods on a real node: API server, kubelet and containerd, Penstock's own image, and the injector that
 * makes the pods. Skipped where there is no native executable or no kubelet ({@code .ci/kubelet.sh}).
 */
class KubeletIT {
    /** Namespaces: in the second one, sidecars are ordinary containers, as on servers before 1.29. */
    private static final String NATIVE = "shop";

    private static final String ORDINARY = "shop-ordinary";
    private static final String SETTINGS = """
            sidecar:
              image: %s
              imagePullPolicy: Never
              drain: 20s
              native: %s
              resources: {requests: {cpu: 10m, memory: 64Mi}, limits: {memory: 128Mi}}
            redirect: {hosts: [%s], ports: [8000]}
            policy:
              configMap: penstock-policy
              source: {namespace: penstock-system, name: penstock-policy}
            """;
    private static final String POLICY = """
            routes:
              - {name: openai, dialect: openai, upstreams: [{name: llm}]}
              - {name: internal, dialect: openai, hosts: [%1$s], upstreams: [{name: llm}]}
            upstreams: [{name: llm, url: "http://%1$s:8000", dialect: openai, credentials: passthrough, timeouts: {connect: 20s}}]
            """;
    /** A call of an application that never tries twice. */
    private static final String CALL = "/bin/busybox wget -q -O - --header 'Content-Type: application/json'"
            + " --header 'Authorization: Bearer sk-test' --post-data"
            + " '{\"model\": \"m\", %s\"messages\": [{\"role\": \"user\", \"content\": \"Hi\"}]}' %s/chat/completions";

    private static final String ASK = CALL.formatted("", "$OPENAI_BASE_URL");
    private static final String STREAM = CALL.formatted("\"stream\": true, ", "$OPENAI_BASE_URL");
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<AutoCloseable> OPEN = new ArrayList<>();

    private static @Nullable String obstacle;

    @SuppressWarnings("NullAway.Init")
    private static Cluster admin;

    @SuppressWarnings("NullAway.Init")
    private static KubernetesNode node;

    @SuppressWarnings("NullAway.Init")
    private static Simulator provider;

    @BeforeAll
    static void start(@TempDir Path images) throws Exception {
        Optional<String> missing = PenstockProcess.isNative()
                ? KubernetesNode.obstacle()
                : Optional.of("the image is built around a native executable, and the tests run on a JVM");
        if (missing.isPresent()) {
            obstacle = missing.get();
            System.out.println("KubeletIT is skipped: " + obstacle);
            return;
        }
        Vertx vertx = Vertx.vertx();
        OPEN.add(() -> vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS));
        provider = Simulator.start(vertx);
        OPEN.add(provider);
        KubernetesServer server =
                KubernetesServer.start(KubernetesServer.binaries().orElseThrow());
        OPEN.add(server);
        admin = new Cluster(server, KubernetesServer.ADMIN);
        node = new KubernetesNode(server);
        OPEN.add(node);
        OPEN.add(new Balancer(PodNetwork.WORLD, 8000, List.of(provider.port())));
        NodeImages.load(node, images);
        node.join(server, admin);
        admin.create("/apis/rbac.authorization.k8s.io/v1/clusterrolebindings", """
                        {"metadata": {"name": "penstock-injector"}, "subjects": [{"kind": "User", "name": "%s"}],
                        "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "cluster-admin"}}""".formatted(
                                KubernetesServer.INJECTOR_USER))
                .expect(201);
        namespace("penstock-system", "");
        ObjectNode policy = JSON.createObjectNode();
        policy.putObject("metadata").put("name", "penstock-policy");
        policy.putObject("data").put("penstock.yaml", POLICY.formatted(PodNetwork.WORLD));
        admin.create("/api/v1/namespaces/penstock-system/configmaps", policy.toString())
                .expect(201);
        injector(server, NATIVE, "auto");
        injector(server, ORDINARY, "never");
    }

    /** An injector, the webhook for the pods of one namespace, and that namespace. */
    private static void injector(KubernetesServer server, String namespace, String nativeSidecar) throws Exception {
        WebhookCertificate certificate = WebhookCertificate.make("RSA", "penstock-injector.penstock-system.svc");
        InjectorReplicas injectors = new InjectorReplicas(
                1,
                SETTINGS.formatted(NodeImages.PENSTOCK, nativeSidecar, PodNetwork.WORLD),
                certificate,
                Map.of(
                        "KUBERNETES_SERVICE_HOST", "127.0.0.1",
                        "KUBERNETES_SERVICE_PORT", String.valueOf(server.port()),
                        "PENSTOCK_INJECTOR_SERVICE_ACCOUNT",
                                server.serviceAccount().toString()));
        OPEN.add(injectors);
        admin.create("/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations", """
                        {"metadata": {"name": "%1$s"}, "webhooks": [{"name": "%1$s.penstock.io", "admissionReviewVersions": ["v1"],
                        "sideEffects": "None", "failurePolicy": "Fail", "timeoutSeconds": 5,
                        "clientConfig": {"url": "https://127.0.0.1:%2$d/inject", "caBundle": "%3$s"},
                        "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "%1$s"}},
                        "rules": [{"apiGroups": [""], "apiVersions": ["v1"], "operations": ["CREATE"], "resources": ["pods"]}]}]}""".formatted(
                        namespace,
                        injectors.ports().get(0),
                        Base64.getEncoder()
                                .encodeToString(certificate.certificatePem().getBytes(StandardCharsets.US_ASCII))))
                .expect(201);
        namespace(namespace, "\"penstock.io/injection\": \"enabled\"");
        patiently("the policy's copy")
                .until(() -> admin.get("/api/v1/namespaces/" + namespace + "/configmaps/penstock-policy")
                                .status()
                        == 200);
        patiently("the webhook").until(() -> admin.create(
                        pods(namespace) + "?dryRun=All",
                        pod("dry", "{}", container("app", "true")).toString())
                .expect(201)
                .body()
                .toString()
                .contains("\"penstock.io/status\""));
    }

    @AfterAll
    static void stop() throws Exception {
        for (int i = OPEN.size() - 1; i >= 0; i--) {
            OPEN.get(i).close();
        }
    }

    @BeforeEach
    void needsANode() {
        assumeTrue(obstacle == null, () -> String.valueOf(obstacle));
    }

    @Test
    void theFirstCallsOfAJobSucceedAndTheJobFinishes() throws Exception {
        provider.always(Voice.openAiChat().says("Good morning"));
        ObjectNode spec = JSON.createObjectNode().put("restartPolicy", "Never").put("nodeName", KubernetesNode.NAME);
        spec.putArray("initContainers").add(container("warm-up", ASK));
        spec.putArray("containers").add(container("app", ASK));
        ObjectNode job = JSON.createObjectNode();
        job.putObject("metadata").put("name", "nightly");
        job.putObject("spec").put("backoffLimit", 0).putObject("template").set("spec", spec);
        admin.create("/apis/batch/v1/namespaces/" + NATIVE + "/jobs", job.toString())
                .expect(201);

        patiently("the job")
                .untilAsserted(() -> assertThat(admin.get("/apis/batch/v1/namespaces/" + NATIVE + "/jobs/nightly")
                                .body()
                                .at("/status/succeeded")
                                .asInt())
                        .as(() -> node.log("kubelet"))
                        .isOne());
        JsonNode pod = admin.get(pods(NATIVE) + "?labelSelector=job-name%3Dnightly")
                .body()
                .at("/items/0");
        String name = pod.at("/metadata/name").asText();
        assertThat(node.log(NATIVE, name, "warm-up")).contains("Good morning");
        assertThat(node.log(NATIVE, name, "app")).contains("Good morning");
        assertThat(pod.at("/status/phase").asText()).isEqualTo("Succeeded");
        JsonNode sidecar = terminated(pod, "penstock");
        assertThat(sidecar.path("exitCode").asInt())
                .as("exit code after SIGTERM")
                .isIn(0, 143);
        assertThat(time(sidecar, "startedAt")).isBeforeOrEqualTo(time(terminated(pod, "warm-up"), "startedAt"));
        assertThat(time(sidecar, "finishedAt")).isAfterOrEqualTo(time(terminated(pod, "app"), "finishedAt"));
    }

    @ParameterizedTest
    @ValueSource(strings = {NATIVE, ORDINARY})
    void aSidecarThatDiesComesBackAndThePodStays(String namespace) throws Exception {
        provider.always(Voice.openAiChat().says("Still here"));
        String loop = "while true; do " + ASK + " && /bin/busybox echo answered || /bin/busybox echo refused;"
                + " /bin/busybox sleep 0.2; done";
        create(namespace, pod("steady", "{}", container("app", loop)));
        patiently("the first answer")
                .until(() -> node.log(namespace, "steady", "app").contains("answered"));
        awaitReady(namespace, "steady");
        JsonNode before = get(namespace, "steady");

        node.kill(status(before, "penstock").path("containerID").asText());

        patiently("the new sidecar")
                .until(() -> status(get(namespace, "steady"), "penstock")
                                .path("restartCount")
                                .asInt()
                        == 1);
        awaitReady(namespace, "steady");
        int answers = answers(namespace);
        patiently("answers again").until(() -> answers(namespace) > answers);
        JsonNode app = status(get(namespace, "steady"), "app");
        assertThat(app.path("restartCount").asInt()).isZero();
        assertThat(app.path("containerID")).isEqualTo(status(before, "app").path("containerID"));
        delete(namespace, "steady");
    }

    @ParameterizedTest
    @ValueSource(strings = {NATIVE, ORDINARY})
    void anOpenStreamEndsAsItShouldWhenThePodIsDeleted(String namespace) throws Exception {
        String[] words = Stream.iterate(1, i -> i + 1)
                .limit(40)
                .map(i -> "word" + i + " ")
                .toArray(String[]::new);
        provider.always(Voice.openAiChat().saysSlowly(Duration.ofMillis(250), words));
        // A shell runs a trap when the program that it waits for has ended.
        String script = "trap '/bin/busybox echo asked to stop' TERM; " + STREAM + "; /bin/busybox echo exit $?";
        // The finalizer keeps the object, so that its last state can be read.
        create(namespace, pod("leaving", "{\"finalizers\": [\"penstock.io/test\"]}", container("app", script)));
        patiently("the stream")
                .until(() -> node.log(namespace, "leaving", "app").contains("word3 "));

        admin.delete(pods(namespace) + "/leaving").expect(200);

        assertThat(node.log(namespace, "leaving", "app")).doesNotContain("word40 ");
        patiently("the end")
                .until(() -> !terminated(get(namespace, "leaving"), "app").isMissingNode()
                        && !terminated(get(namespace, "leaving"), "penstock").isMissingNode());
        JsonNode pod = get(namespace, "leaving");
        assertThat(node.log(namespace, "leaving", "app"))
                .contains("word40 ", "data: [DONE]", "asked to stop", "exit 0");
        JsonNode sidecar = terminated(pod, "penstock");
        assertThat(sidecar.path("exitCode").asInt())
                .as("exit code after SIGTERM")
                .isIn(0, 143);
        if (namespace.equals(NATIVE)) {
            assertThat(time(sidecar, "finishedAt")).isAfterOrEqualTo(time(terminated(pod, "app"), "finishedAt"));
        }
        admin.merge(pods(namespace) + "/leaving", "{\"metadata\": {\"finalizers\": null}}")
                .expect(200);
    }

    @Test
    void anApplicationThatKnowsNothingOfPenstockIsRelayedInRedirectMode() throws Exception {
        provider.always(Voice.openAiChat().says("Caught"));
        String call = CALL.replace(" -q ", " -S ").formatted("", "http://" + PodNetwork.WORLD + ":8000/v1");
        create(
                NATIVE,
                pod(
                        "unaware",
                        "{\"annotations\": {\"penstock.io/interception\": \"redirect\"}}",
                        container("app", call + "; /bin/busybox sleep 600")));

        patiently("the answer").untilAsserted(() -> assertThat(node.log(NATIVE, "unaware", "app"))
                .as(() -> status(NATIVE, "unaware"))
                .contains("Caught"));
        assertThat(node.log(NATIVE, "unaware", "app").toLowerCase(java.util.Locale.ROOT))
                .contains("x-penstock-upstream: llm");
        assertThat(terminated(get(NATIVE, "unaware"), "penstock-redirect")
                        .path("exitCode")
                        .asInt())
                .isZero();
        assertThat(status(get(NATIVE, "unaware"), "penstock-redirect").path("image"))
                .isEqualTo(status(get(NATIVE, "unaware"), "penstock").path("image"));
        delete(NATIVE, "unaware");
    }

    private static int answers(String namespace) throws Exception {
        return node.log(namespace, "steady", "app").split("answered", -1).length;
    }

    private static ObjectNode container(String name, String script) {
        ObjectNode container = JSON.createObjectNode()
                .put("name", name)
                .put("image", NodeImages.APPLICATION)
                .put("imagePullPolicy", "Never");
        container.putArray("command").add("/bin/busybox").add("sh").add("-c").add(script);
        return container;
    }

    private static ObjectNode pod(String name, String metadata, ObjectNode application) throws Exception {
        ObjectNode pod = JSON.createObjectNode().put("apiVersion", "v1").put("kind", "Pod");
        ((ObjectNode) pod.set("metadata", JSON.readTree(metadata)).path("metadata")).put("name", name);
        ObjectNode spec =
                pod.putObject("spec").put("nodeName", KubernetesNode.NAME).put("restartPolicy", "Always");
        spec.put("terminationGracePeriodSeconds", 60).putArray("containers").add(application);
        return pod;
    }

    private static void create(String namespace, ObjectNode pod) throws Exception {
        admin.create(pods(namespace), pod.toString()).expect(201);
    }

    private static void delete(String namespace, String name) throws Exception {
        admin.delete(pods(namespace) + "/" + name + "?gracePeriodSeconds=2").expect(200);
        patiently("no " + name)
                .until(() -> admin.get(pods(namespace) + "/" + name).status() == 404);
    }

    private static JsonNode get(String namespace, String name) throws Exception {
        return admin.get(pods(namespace) + "/" + name).body();
    }

    private static String status(String namespace, String name) {
        try {
            return get(namespace, name).path("status").toPrettyString();
        } catch (Exception e) {
            return e.toString();
        }
    }

    private static void awaitReady(String namespace, String name) {
        patiently(name + " ready").until(() -> StreamSupport.stream(
                        get(namespace, name).at("/status/conditions").spliterator(), false)
                .anyMatch(condition -> condition.path("type").asText().equals("Ready")
                        && condition.path("status").asText().equals("True")));
    }

    private static JsonNode status(JsonNode pod, String container) {
        return Stream.of("/status/initContainerStatuses", "/status/containerStatuses")
                .flatMap(list -> StreamSupport.stream(pod.at(list).spliterator(), false))
                .filter(status -> status.path("name").asText().equals(container))
                .findFirst()
                .orElse(MissingNode.getInstance());
    }

    private static JsonNode terminated(JsonNode pod, String container) {
        return status(pod, container).at("/state/terminated");
    }

    private static Instant time(JsonNode state, String field) {
        return Instant.parse(state.path(field).asText());
    }

    private static void namespace(String name, String labels) throws Exception {
        admin.create(
                        "/api/v1/namespaces",
                        "{\"metadata\": {\"name\": \"%s\", \"labels\": {%s}}}".formatted(name, labels))
                .expect(201);
        // Without the namespace's account no pod can be created in it, without the authority none starts.
        patiently("the account of " + name)
                .until(() -> admin.get("/api/v1/namespaces/" + name + "/serviceaccounts/default")
                                        .status()
                                == 200
                        && admin.get("/api/v1/namespaces/" + name + "/configmaps/kube-root-ca.crt")
                                        .status()
                                == 200);
    }

    private static String pods(String namespace) {
        return "/api/v1/namespaces/" + namespace + "/pods";
    }

    private static ConditionFactory patiently(String what) {
        return await(what).atMost(Duration.ofSeconds(90)).pollInterval(Duration.ofMillis(200));
    }
}
