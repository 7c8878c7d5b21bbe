package io.penstock.wire;

import static io.penstock.wire.Installation.patiently;
import static io.penstock.wire.MadePod.inStep;
import static io.penstock.wire.MadePod.sidecars;
import static io.penstock.wire.MadePod.timeless;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.penstock.chart.Tool;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * The whole way of docs/kubernetes.md: Helm installs the chart into a real API server, namespaces are labelled, controllers make
 * pods, the injectors run with what their pods mount, and in the end nothing is left. Skipped, with the reason printed, where
 * server, Helm or kubectl are not there.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class InstallIT {
    private static final String POD =
            "{\"metadata\": {\"generateName\": \"web-\", \"labels\": {%s}, \"annotations\": {%s}}, \"spec\": {%s"
                    + "\"containers\": [{\"name\": \"app\", \"image\": \"shop:1\"%s}]}}";
    private static final String PLAIN = POD.formatted("", "", "", "");
    private static final String INJECTED = "\"penstock.io/injection\": \"enabled\"";

    /** Reasons that the chart's selectors leave nothing to do for: the API server does not even ask. */
    private static final Set<String> NEVER_ASKED = Set.of("not_a_pod_creation", "namespace_excluded");

    private static @Nullable Installation installation;
    private static final Set<String> NAMESPACES = new TreeSet<>();

    @SuppressWarnings("NullAway.Init")
    private static SortedSet<String> before;

    @BeforeAll
    static void install() throws Exception {
        if (Installation.obstacle().isPresent()) {
            System.out.println(
                    "InstallIT is skipped: " + Installation.obstacle().get());
            return;
        }
        Installation made = new Installation();
        installation = made;
        before = settled(made);
        made.install(Tool.HELM4);
    }

    @AfterAll
    static void stop() {
        if (installation != null) {
            installation.close();
        }
    }

    @BeforeEach
    void needsAServer() {
        assumeTrue(installation != null, () -> Installation.obstacle().orElse(""));
    }

    @Test
    void theExampleIsInjectedAsPromisedAndNothingElseIs() throws Exception {
        namespace("penstock-example", "");
        namespace("elsewhere", "");
        kubectl(
                "-n",
                "penstock-example",
                "create",
                "secret",
                "generic",
                "llm",
                "--from-literal=OPENAI_API_KEY=sk-test");
        kubectl("apply", "-k", "deploy/example");
        kubectl("apply", "-n", "elsewhere", "-f", "deploy/example/deployment.yaml", "-f", "deploy/example/job.yaml");

        for (String app : List.of("asks-again-and-again", "asks-once")) {
            JsonNode pod = cluster().podOf("penstock-example", app);
            JsonNode same = cluster().podOf("elsewhere", app);

            assertThat(same.toString()).doesNotContain("penstock");
            inStep(app + ".json", pod);
            assertThat(timeless(pod).at("/spec/containers/0/image"))
                    .isEqualTo(timeless(same).at("/spec/containers/0/image"));
        }
    }

    @Test
    void everySkipIsExplained() throws Exception {
        namespace("refused", INJECTED);
        Set<String> told = new HashSet<>();
        told.add(skip("opted_out", POD.formatted("\"penstock.io/inject\": \"no\"", "", "", "")));
        told.add(skip(
                "static_pod", POD.formatted("", "\"kubernetes.io/config.mirror\": \"x\"", "\"nodeName\": \"n\",", "")));
        told.add(skip("host_network", POD.formatted("", "", "\"hostNetwork\": true,", "")));
        told.add(skip("windows", POD.formatted("", "", "\"os\": {\"name\": \"windows\"},", "")));
        told.add(skip("invalid_annotation", POD.formatted("", "\"penstock.io/drain\": \"soon\"", "", "")));
        told.add(skip("name_taken", PLAIN.replace("\"name\": \"app\"", "\"name\": \"penstock\"")));
        told.add(skip("port_taken", POD.formatted("", "", "", ", \"ports\": [{\"containerPort\": 4100}]")));
        told.add(skip("no_container_served", POD.formatted("", "\"penstock.io/skip-containers\": \"app\"", "", "")));

        cluster().upgrade("sidecar.native=never,sidecar.runAsUser=null");
        try {
            told.add(skip("would_never_finish", POD.formatted("", "", "\"restartPolicy\": \"Never\",", "")));
            told.add(skip(
                    "redirect_without_user",
                    POD.formatted(
                            "",
                            "\"penstock.io/interception\": \"redirect\", \"penstock.io/redirect-hosts\": \"llm.svc\"",
                            "",
                            "")));
        } finally {
            cluster().rollback();
        }

        Set<String> all = results();
        all.removeAll(Set.of("injected", "unchanged", "error"));
        all.removeAll(NEVER_ASKED);
        assertThat(told).isEqualTo(all);
        String audited = String.join("\n", cluster().kubernetes().auditLog());
        assertThat(told).allSatisfy(reason -> assertThat(audited)
                .contains("\"namespaces.injector.penstock.io/result\":\"" + reason + "\""));
    }

    @Test
    void excludedNamespacesAreNotEvenAskedAbout() throws Exception {
        JsonNode pod = create("kube-system", POD.formatted("\"penstock.io/inject\": \"true\"", "", "", ""))
                .body();

        assertThat(pod.toString()).doesNotContain("\"name\":\"penstock\"");
        assertThat(node().metric("penstock_injections_total{result=\"namespace_excluded\""))
                .isZero();
        cluster().admin().delete(pods("kube-system") + "/" + name(pod)).expect(200);
    }

    @Test
    void aPodThatAsksByItselfIsInjectedInANamespaceWithoutALabel() throws Exception {
        namespace("quiet", "");

        assertThat(sidecars(create("quiet", POD.formatted("\"penstock.io/inject\": \"true\"", "", "", ""))
                        .body()))
                .isOne();
        assertThat(sidecars(create("quiet", PLAIN).body())).isZero();
    }

    @Test
    void anotherWebhooksChangeMakesItLookAgainAndAddNothingTwice() throws Exception {
        namespace("plain", INJECTED);
        namespace("meshed", INJECTED + ", \"mesh\": \"yes\"");
        JsonNode alone = timeless(create("plain", PLAIN).body());
        String container =
                "[{\"op\": \"add\", \"path\": \"/spec/containers/-\", \"value\": {\"name\": \"mesh\", \"image\": \"m:1\"}}]";
        String label = "[{\"op\": \"add\", \"path\": \"/metadata/labels\", \"value\": {\"mesh\": \"in\"}}]";

        JsonNode labelled = meshed("zz-label", label);
        JsonNode joined = meshed("zz-container", container);

        assertThat(((ObjectNode) labelled.path("metadata"))
                        .remove("labels")
                        .path("mesh")
                        .asText())
                .isEqualTo("in");
        assertThat(labelled).isEqualTo(alone);
        assertThat(sidecars(joined)).isOne();
        assertThat(joined.at("/spec/containers/1/name").asText()).isEqualTo("mesh");
        assertThat(joined.at("/spec/containers/1/env")).isEqualTo(alone.at("/spec/containers/0/env"));
        assertThat(joined.at("/spec/containers/0")).isEqualTo(alone.at("/spec/containers/0"));
        assertThat(joined.at("/spec/initContainers")).isEqualTo(alone.at("/spec/initContainers"));
    }

    @Test
    void aDryRunShowsTheSidecarAndChangesNothingInTheCluster() throws Exception {
        namespace("trial", INJECTED);
        patiently().until(() -> copy("trial").status() == 200);
        SortedSet<String> contents = settled(cluster());

        Tool.Run run =
                cluster().kubectl("-n", "trial", "run", "probe", "--image=shop:1", "--dry-run=server", "-o", "json");

        assertThat(sidecars(new ObjectMapper().readTree(run.good()))).isOne();
        assertThat(settled(cluster())).isEqualTo(contents);
    }

    @Test
    void podsAreLetInWithoutASidecarWhileNoInjectorAnswers() throws Exception {
        namespace("unlucky", INJECTED);
        node().goDown();
        try {
            assertThat(sidecars(create("unlucky", PLAIN).body())).isZero();
        } finally {
            node().comeBack();
        }

        patiently().until(() -> sidecars(create("unlucky", PLAIN).body()) == 1);
    }

    @Test
    void anUpgradeKeepsTheCertificateAndMissesHardlyAPod() throws Exception {
        namespace("busy", INJECTED);
        String certificate = certificate();
        List<JsonNode> created = new ArrayList<>();
        Thread users = new Thread(() -> {
            while (!Thread.currentThread().isInterrupted()) {
                try {
                    created.add(create("busy", PLAIN).body());
                } catch (IOException | InterruptedException e) {
                    return;
                } catch (Exception e) {
                    throw new AssertionError(e);
                }
            }
        });
        users.start();

        cluster().upgrade("sidecar.logLevel=DEBUG");
        users.interrupt();
        users.join();

        assertThat(certificate()).isEqualTo(certificate);
        // A question on its way to an injector that ends just then gets no answer, and the pod is admitted as it is.
        long missed = created.stream().filter(pod -> sidecars(pod) != 1).count();
        assertThat(created).hasSizeGreaterThan(10);
        assertThat(missed).isLessThanOrEqualTo(Math.max(1, created.size() / 100));
        patiently().until(() -> create("busy", PLAIN).body().toString().contains("\"value\":\"DEBUG\""));
        cluster().rollback();
        patiently().until(() -> create("busy", PLAIN).body().toString().contains("\"value\":\"INFO\""));
        assertThat(certificate()).isEqualTo(certificate);
    }

    @Test
    void theInjectorGoesOnWithTheRenewedTokenOfItsAccount() throws Exception {
        namespace("tenant", INJECTED);
        patiently().until(() -> copy("tenant").status() == 200);
        Cluster former = new Cluster(cluster().kubernetes(), node().token());
        assertThat(former.get("/api/v1/namespaces").status()).isEqualTo(200);

        node().renewTokens();
        patiently().until(() -> former.get("/api/v1/namespaces").status() == 401);

        // A write of its own, and after the server's crash a list and a watch too.
        cluster().upgrade("policy.content.records.capacity=100");
        patiently().until(() -> copy("tenant").body().toString().contains("capacity: 100"));
        cluster().kubernetes().restartApiServer();
        cluster().upgrade("policy.content.records.capacity=200");
        patiently().until(() -> copy("tenant").body().toString().contains("capacity: 200"));
    }

    @Test
    @Order(Integer.MAX_VALUE)
    void uninstallingLeavesNothingBehind() throws Exception {
        for (Tool helm : List.of(Tool.HELM4, Tool.HELM3)) {
            if (helm == Tool.HELM3) {
                cluster().install(helm);
            }
            namespace("last", INJECTED);
            patiently().until(() -> copy("last").status() == 200);
            assertThat(sidecars(create("last", PLAIN).body())).isOne();

            cluster().helm(helm, "uninstall", "penstock", "--wait");
            // The copies are owned by a ClusterRole of the release.
            patiently().until(() -> copy("last").status() == 404);
            NAMESPACES.add(Installation.NAMESPACE);
            for (String namespace : List.copyOf(NAMESPACES)) {
                cluster().admin().delete("/api/v1/namespaces/" + namespace).expect(200, 202);
                NAMESPACES.remove(namespace);
            }

            patiently()
                    .untilAsserted(() ->
                            assertThat(ClusterContents.of(cluster().admin())).isEqualTo(before));
        }
    }

    /** Creates a pod that gets no sidecar, and checks that its creator and the metrics are told why. */
    private static String skip(String reason, String pod) throws Exception {
        String series = "penstock_injections_total{result=\"" + reason + "\"";
        double counted = node().metric(series);

        Cluster.Answer answer =
                cluster().admin().create(pods("refused") + "?dryRun=All", pod).expect(201);

        assertThat(answer.warnings()).as(reason).anySatisfy(warning -> assertThat(warning)
                .contains("no Penstock sidecar: "));
        assertThat(answer.body().toString()).as(reason).doesNotContain("penstock.io/status");
        assertThat(node().metric(series)).as(reason).isEqualTo(counted + 1);
        return reason;
    }

    /** The pod that comes of it where this webhook is too, which the injector must have been asked about twice. */
    private static JsonNode meshed(String name, String patch) throws Exception {
        String place = "/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations";
        try (MeshWebhook mesh = new MeshWebhook(patch)) {
            cluster().admin().create(place, mesh.configuration(name, "mesh")).expect(201);
            try {
                patiently()
                        .until(() -> create("meshed", PLAIN).body().toString().contains("mesh\""));
                double asked = node().metric("penstock_injections_total{");
                JsonNode pod = timeless(create("meshed", PLAIN).body());
                assertThat(node().metric("penstock_injections_total{")).isEqualTo(asked + 2);
                return pod;
            } finally {
                cluster().admin().delete(place + "/" + name).expect(200);
            }
        }
    }

    private static Installation cluster() {
        return Objects.requireNonNull(installation);
    }

    private static InjectorNode node() {
        return cluster().node();
    }

    private static void namespace(String name, String labels) throws Exception {
        NAMESPACES.add(name);
        cluster().namespace(name, labels);
    }

    private static void kubectl(String... arguments) {
        cluster().kubectl(arguments).good();
    }

    private static Cluster.Answer create(String namespace, String pod) throws Exception {
        return cluster().admin().create(pods(namespace), pod).expect(201);
    }

    private static String pods(String namespace) {
        return "/api/v1/namespaces/" + namespace + "/pods";
    }

    private static String name(JsonNode object) {
        return object.at("/metadata/name").asText();
    }

    private static Cluster.Answer copy(String namespace) throws Exception {
        return cluster().admin().get("/api/v1/namespaces/" + namespace + "/configmaps/penstock-policy");
    }

    private static String certificate() throws Exception {
        return cluster()
                .admin()
                .get("/api/v1/namespaces/penstock-system/secrets/penstock-injector-tls")
                .expect(200)
                .body()
                .path("data")
                .toString();
    }

    /** The values that the label {@code result} can have. */
    private static Set<String> results() throws Exception {
        Matcher series = Pattern.compile("penstock_injections_total\\{result=\"(\\w+)\"")
                .matcher(node().processes().get(0).getManagement("/metrics").body());
        return new HashSet<>(series.results().map(found -> found.group(1)).toList());
    }

    /** What the cluster holds once its controllers have come to rest. */
    private static SortedSet<String> settled(Installation cluster) throws Exception {
        List<SortedSet<String>> seen = new ArrayList<>();
        patiently().pollInterval(Duration.ofSeconds(2)).until(() -> {
            seen.add(ClusterContents.of(cluster.admin()));
            int last = seen.size() - 1;
            return last > 0 && seen.get(last).equals(seen.get(last - 1));
        });
        return seen.get(seen.size() - 1);
    }
}
