package io.penstock.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What Helm 3 and Helm 4 make of the chart for the main sets of values, compared with files in {@code src/test/resources/chart}. */
class RenderedChartTest {
    private static final Path EXPECTED = Path.of("src/test/resources/chart");
    private static final List<String> OPERATOR = List.of("--api-versions", "monitoring.coreos.com/v1");

    /** Every set of values with a name; the file of that name holds what is expected. */
    static final Map<String, List<String>> CASES = new TreeMap<>(Map.of(
            "defaults", List.of(),
            "kubernetes-1.20", List.of("--kube-version", "1.20.0"),
            "monitoring", OPERATOR,
            "cert-manager", List.of("--set", "webhook.certificates.mode=certManager"),
            "cert-manager-issuer", values("cert-manager-issuer"),
            "given-certificate", values("given-certificate"),
            "openshift", values("openshift"),
            "everything", join(OPERATOR, values("everything"))));

    static Stream<Arguments> cases() {
        return CASES.keySet().stream()
                .flatMap(name -> Stream.of(Tool.HELM3, Tool.HELM4).map(helm -> arguments(name, helm)));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void isWhatTheFileSays(String name, Tool helm) {
        List<Map<String, Object>> objects = Chart.template(helm, CASES.get(name));

        objects.forEach(RenderedChartTest::abridge);

        Expected.inStep(EXPECTED.resolve(name + ".yaml"), Chart.dump(objects));
    }

    /** Nothing in the chart differs between these; the injector looks at the server's version for itself. */
    @ParameterizedTest
    @EnumSource(names = {"HELM3", "HELM4"})
    void isTheSameBeforeAndAfterNativeSidecars(Tool helm) {
        List<List<Map<String, Object>>> rendered = new ArrayList<>();
        for (String version : List.of("1.28.0", "1.29.0", Chart.CURRENT)) {
            List<Map<String, Object>> objects = Chart.template(helm, List.of("--kube-version", version));
            objects.forEach(RenderedChartTest::abridge);
            rendered.add(objects);
        }

        assertThat(rendered.get(1)).isEqualTo(rendered.get(0));
        assertThat(rendered.get(2)).isEqualTo(rendered.get(0));
    }

    @ParameterizedTest
    @EnumSource(names = {"HELM3", "HELM4"})
    void isRefusedBelowKubernetes120(Tool helm) {
        Tool.Run run = Chart.tryTemplate(helm, List.of("--kube-version", "1.19.0"));

        assertThat(run.exit()).isNotZero();
        assertThat(run.err()).contains(">=1.20.0-0", "1.19.0");
    }

    @ParameterizedTest
    @EnumSource(names = {"HELM3", "HELM4"})
    void lintsStrictly(Tool helm) {
        for (List<String> values : CASES.values()) {
            List<String> line = new ArrayList<>(List.of("lint", "--strict", Chart.HOME.toString()));
            for (int i = 0; i < values.size(); i += 2) {
                if (values.get(i).startsWith("--set") || values.get(i).equals("--values")) {
                    line.addAll(values.subList(i, i + 2));
                }
            }
            Tool.Run run = helm.run(line);

            assertThat(run.exit()).as(run.out() + run.err()).isZero();
            assertThat(run.out())
                    .contains("1 chart(s) linted, 0 chart(s) failed")
                    .doesNotContain("[WARNING]");
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void runsEveryContainerWithoutRights(String name, Tool helm) {
        List<Map<String, Object>> specs = Chart.template(helm, CASES.get(name)).stream()
                .flatMap(RenderedChartTest::podSpecs)
                .toList();

        assertThat(specs).hasSize(3).allSatisfy(spec -> {
            assertThat(Chart.map(spec.get("securityContext")))
                    .containsEntry("runAsNonRoot", true)
                    .containsEntry("seccompProfile", Map.of("type", "RuntimeDefault"));
            assertThat(Chart.maps(spec.get("containers"))).isNotEmpty().allSatisfy(container -> {
                assertThat(Chart.map(container.get("securityContext")))
                        .containsEntry("allowPrivilegeEscalation", false)
                        .containsEntry("readOnlyRootFilesystem", true)
                        .containsEntry("capabilities", Map.of("drop", List.of("ALL")));
                assertThat(Chart.map(container.get("resources"))).containsKeys("requests", "limits");
            });
        });
    }

    /** What a namespaced object without a namespace becomes depends on who applies it. */
    @ParameterizedTest
    @MethodSource("cases")
    void saysTheNamespaceOfEveryObjectThatHasOne(String name, Tool helm) {
        List<String> clusterWide = List.of("ClusterRole", "ClusterRoleBinding", "MutatingWebhookConfiguration");

        assertThat(Chart.template(helm, CASES.get(name))).isNotEmpty().allSatisfy(object -> {
            Object namespace = Chart.map(object.get("metadata")).get("namespace");
            assertThat(namespace)
                    .as(Chart.identity(object))
                    .isEqualTo(clusterWide.contains(object.get("kind")) ? null : Chart.NAMESPACE);
        });
    }

    @ParameterizedTest
    @EnumSource(names = {"HELM3", "HELM4"})
    void makesNoMonitoringObjectsWhereTheOperatorIsNotUnlessTold(Tool helm) {
        List<String> kinds = List.of("PodMonitor", "PrometheusRule");

        assertThat(Chart.template(helm, List.of())).noneMatch(object -> kinds.contains(object.get("kind")));
        assertThat(Chart.template(helm, List.of("--set", "metrics.podMonitor.enabled=true")))
                .filteredOn(object -> kinds.contains(object.get("kind")))
                .extracting(object -> object.get("kind"))
                .containsOnly("PodMonitor");
        assertThat(Chart.template(
                        helm,
                        join(
                                OPERATOR,
                                List.of(
                                        "--set",
                                        "metrics.podMonitor.enabled=false,metrics.prometheusRule.enabled=false"))))
                .noneMatch(object -> kinds.contains(object.get("kind")));
    }

    @ParameterizedTest
    @EnumSource(names = {"HELM3", "HELM4"})
    void takesAPolicyFileAsItIs(Tool helm) {
        Path file = Path.of("docs/examples/failover.yaml");

        Map<String, Object> policy = Chart.template(helm, List.of("--set-file", "policy.content=" + file)).stream()
                .filter(object -> Chart.identity(object).equals("ConfigMap penstock-system/penstock-policy"))
                .findFirst()
                .orElseThrow();

        assertThat(Chart.map(policy.get("data")).get("penstock.yaml").toString().strip())
                .isEqualTo(Chart.text(file).strip());
    }

    @Test
    void hasTheVersionOfTheProgram() {
        Map<String, Object> chart = Chart.map(Chart.yaml().load(Chart.text(Chart.HOME.resolve("Chart.yaml"))));

        String pom = Chart.text(Path.of("pom.xml"));
        assertThat(pom).contains("<version>" + chart.get("version") + "</version>");
        assertThat(pom.indexOf("<version>" + chart.get("version") + "</version>"))
                .isLessThan(pom.indexOf("<properties>"));
        assertThat(chart.get("appVersion")).isEqualTo(chart.get("version"));
    }

    private static Stream<Map<String, Object>> podSpecs(Map<String, Object> object) {
        return switch (object.get("kind").toString()) {
            case "Deployment" ->
                Stream.of(Chart.map(
                        Chart.map(Chart.map(object.get("spec")).get("template")).get("spec")));
            case "Pod" -> Stream.of(Chart.map(object.get("spec")));
            default -> Stream.of();
        };
    }

    /**
     * Certificates that Helm makes differ at each rendering ({@link SelfMadeCertificateTest} looks at them), and the dashboard
     * has a file of its own.
     */
    private static void abridge(Map<String, Object> object) {
        if (object.get("kind").equals("Secret")) {
            Chart.map(object.get("data")).replaceAll((key, value) -> "made anew");
            Chart.map(Chart.map(object.get("metadata")).get("annotations"))
                    .replace("penstock.io/not-after", "made anew");
        }
        if (object.get("kind").equals("ConfigMap")) {
            String dashboard = Chart.text(Chart.HOME.resolve("dashboards/penstock.json"));
            Chart.map(object.get("data"))
                    .replace("penstock.json", dashboard.strip(), "the file dashboards/penstock.json");
        }
        if (object.get("kind").equals("MutatingWebhookConfiguration")) {
            Chart.maps(object.get("webhooks")).forEach(webhook -> Chart.map(webhook.get("clientConfig"))
                    .computeIfPresent("caBundle", (key, value) -> "made anew"));
        }
    }

    private static List<String> values(String name) {
        return List.of("--values", EXPECTED.resolve(name + "-values.yaml").toString());
    }

    private static List<String> join(List<String> one, List<String> other) {
        return Stream.concat(one.stream(), other.stream()).toList();
    }
}
