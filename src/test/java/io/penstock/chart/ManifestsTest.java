package io.penstock.chart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The manifests in {@code deploy/kubernetes} are what the chart renders: the files hold the chart's own text, and what kustomize
 * builds of an overlay is, object by object, what Helm would install.
 */
class ManifestsTest {
    private static final Path KUBERNETES = Path.of("deploy/kubernetes");
    private static final List<String> WITH_CERT_MANAGER =
            List.of("--set", "webhook.certificates.mode=certManager", "--api-versions", "monitoring.coreos.com/v1");

    @Test
    void filesHoldTheTextOfTheChart() {
        List<String> documents =
                documents(Chart.tryTemplate(Tool.HELM4, WITH_CERT_MANAGER).good());

        Expected.inStep(KUBERNETES.resolve("base/objects.yaml"), join(documents, Part.BASE));
        Expected.inStep(
                KUBERNETES.resolve("overlays/cert-manager/certificates.yaml"), join(documents, Part.CERTIFICATES));
        Expected.inStep(KUBERNETES.resolve("components/monitoring/monitoring.yaml"), join(documents, Part.MONITORING));
        Expected.inStep(
                KUBERNETES.resolve("base/injector.yaml"), data(documents, "penstock-injector-config", "injector.yaml"));
        Expected.inStep(KUBERNETES.resolve("base/policy.yaml"), data(documents, "penstock-policy", "penstock.yaml"));
    }

    @Test
    void overlayForCertManagerIsWhatHelmInstalls() {
        same(
                built(KUBERNETES.resolve("overlays/cert-manager")),
                installed(List.of("--set", "webhook.certificates.mode=certManager")));
    }

    @Test
    void monitoredOverlayIsWhatHelmInstallsBesideTheOperator() {
        same(built(KUBERNETES.resolve("overlays/monitored")), installed(WITH_CERT_MANAGER));
    }

    @Test
    void overlayForAnOwnCertificateIsWhatHelmInstallsWithAGivenOne(@TempDir Path directory) throws IOException {
        copy(KUBERNETES, directory);
        Path overlay = directory.resolve("overlays/own-certificate");
        Path authority = Files.writeString(
                overlay.resolve("ca.crt"), "-----BEGIN CERTIFICATE-----\nYXV0aG9yaXR5\n-----END CERTIFICATE-----\n");
        Files.writeString(overlay.resolve("tls.crt"), "certificate");
        Files.writeString(overlay.resolve("tls.key"), "key");

        Map<String, Object> built = built(overlay);

        Map<String, Object> secret = Chart.map(built.remove("Secret penstock-system/penstock-injector-cert"));
        assertThat(secret).containsEntry("type", "kubernetes.io/tls");
        // kustomize breaks long base64 into lines, which its readers skip.
        Chart.map(secret.get("data")).replaceAll((key, value) -> unbroken(value));
        Chart.maps(Chart.map(built.get("MutatingWebhookConfiguration /penstock-injector"))
                        .get("webhooks"))
                .forEach(webhook ->
                        Chart.map(webhook.get("clientConfig")).compute("caBundle", (key, value) -> unbroken(value)));
        assertThat(Chart.map(secret.get("data")))
                .containsEntry("ca.crt", Base64.getEncoder().encodeToString(Files.readAllBytes(authority)))
                .containsOnlyKeys("ca.crt", "tls.crt", "tls.key");
        same(
                built,
                installed(List.of(
                        "--set",
                        "webhook.certificates.mode=given,webhook.certificates.given.secretName=penstock-injector-cert",
                        "--set-file",
                        "webhook.certificates.given.caBundle=" + authority)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"deploy/example"})
    void exampleBuilds(String place) {
        assertThat(built(Path.of(place)))
                .hasSizeGreaterThanOrEqualTo(5)
                .anySatisfy((identity, object) -> assertThat(identity).startsWith("Job "));
    }

    @Test
    void namespaceRefusesPodsWithRights() {
        Map<String, Object> namespace = Chart.objects(Chart.text(KUBERNETES.resolve("base/namespace.yaml")))
                .get(0);

        assertThat(Chart.map(Chart.map(namespace.get("metadata")).get("labels")))
                .containsEntry("pod-security.kubernetes.io/enforce", "restricted");
    }

    /** Where an object of the chart lies in deploy/kubernetes. */
    private enum Part {
        BASE,
        CERTIFICATES,
        MONITORING,
        NOWHERE;

        static Part of(Map<String, Object> object) {
            Map<String, Object> metadata = Chart.map(object.get("metadata"));
            String version = object.get("apiVersion").toString();
            Map<String, Object> labels = Chart.map(metadata.get("labels"));
            if (isHook(object)) {
                return NOWHERE;
            } else if (version.startsWith("cert-manager.io/")) {
                return CERTIFICATES;
            } else if ("monitoring".equals(labels.get("app.kubernetes.io/component"))) {
                return MONITORING;
            }
            // The base generates its ConfigMaps from injector.yaml and policy.yaml.
            return object.get("kind").equals("ConfigMap") ? NOWHERE : BASE;
        }
    }

    private static boolean isHook(Map<String, Object> object) {
        Object annotations = Chart.map(object.get("metadata")).get("annotations");
        return annotations != null && Chart.map(annotations).containsKey("helm.sh/hook");
    }

    /** The rendered documents without what is Helm's own, sorted, comments kept. */
    private static List<String> documents(String rendered) {
        return Stream.of(rendered.split("(?m)^---\n"))
                .map(ManifestsTest::withoutHelm)
                .filter(document -> !document.isBlank())
                .sorted(Comparator.comparing(document -> Chart.identity(parsed(document))))
                .toList();
    }

    private static String withoutHelm(String document) {
        return document.lines()
                        .filter(line -> !line.startsWith("# Source: ")
                                && !line.strip().startsWith("helm.sh/chart: ")
                                && !line.strip().equals("app.kubernetes.io/managed-by: Helm"))
                        .collect(Collectors.joining("\n"))
                        // kustomize gives the ConfigMap a name that changes with its content, which does the same.
                        .replaceAll(
                                "(?m)^ +annotations:\n +# Only what the injector reads.*\n +checksum/config: .*\n", "")
                        .strip()
                + "\n";
    }

    private static String join(List<String> documents, Part part) {
        return documents.stream()
                .filter(document -> Part.of(parsed(document)) == part)
                .collect(Collectors.joining("---\n"));
    }

    private static String data(List<String> documents, String name, String key) {
        return documents.stream()
                .map(ManifestsTest::parsed)
                .filter(object -> Chart.identity(object).equals("ConfigMap penstock-system/" + name))
                .map(object -> Chart.map(object.get("data")).get(key).toString())
                .findFirst()
                .orElseThrow();
    }

    private static Map<String, Object> parsed(String document) {
        return Chart.map(Chart.yaml().load(document));
    }

    private static Map<String, Object> built(Path directory) {
        String yaml =
                Tool.KUBECTL.run(List.of("kustomize", directory.toString())).good();
        String generated = "penstock-injector-config-[a-z0-9]{10}$";
        Map<String, Object> objects = new HashMap<>();
        for (Map<String, Object> object : Chart.objects(yaml)) {
            Map<String, Object> metadata = Chart.map(object.get("metadata"));
            if (object.get("kind").equals("ConfigMap")) {
                metadata.compute("name", (key, name) -> Objects.toString(name)
                        .replaceFirst(generated, "penstock-injector-config"));
            }
            if (object.get("kind").equals("Deployment") && metadata.get("name").equals("penstock-injector")) {
                volumes(object).forEach(volume -> {
                    if (volume.containsKey("configMap")) {
                        Chart.map(volume.get("configMap")).compute("name", (key, name) -> {
                            assertThat(Objects.toString(name)).matches(generated);
                            return "penstock-injector-config";
                        });
                    }
                });
            }
            if (!object.get("kind").equals("Namespace") || metadata.get("name").equals("penstock-example")) {
                objects.put(Chart.identity(object), object);
            }
        }
        return objects;
    }

    private static List<Map<String, Object>> volumes(Map<String, Object> deployment) {
        Map<String, Object> template =
                Chart.map(Chart.map(deployment.get("spec")).get("template"));
        return Chart.maps(Chart.map(template.get("spec")).get("volumes"));
    }

    /** What `helm install` would make, without what is Helm's own. */
    private static Map<String, Object> installed(List<String> arguments) {
        return documents(Chart.tryTemplate(Tool.HELM4, arguments).good()).stream()
                .map(ManifestsTest::parsed)
                .filter(object -> !isHook(object))
                .collect(Collectors.toMap(Chart::identity, object -> (Object) object));
    }

    /** One by one, so that a difference is found in what a failure prints. */
    private static void same(Map<String, Object> built, Map<String, Object> installed) {
        assertThat(built).containsOnlyKeys(installed.keySet()).allSatisfy((identity, object) -> assertThat(
                        Chart.dump(List.of(sorted(object))))
                .as(identity)
                .isEqualTo(Chart.dump(List.of(sorted(installed.get(identity))))));
    }

    /** With the keys of all mappings in order: kustomize has its own. */
    private static Map<String, Object> sorted(Object object) {
        return Chart.map(ordered(object));
    }

    private static Object ordered(Object value) {
        if (value instanceof Map<?, ?> map) {
            Map<String, Object> result = new TreeMap<>();
            map.forEach((key, inner) -> result.put(key.toString(), ordered(inner)));
            return result;
        }
        return value instanceof List<?> list
                ? list.stream().map(ManifestsTest::ordered).toList()
                : value;
    }

    private static String unbroken(Object base64) {
        return base64.toString().replaceAll("\\s", "");
    }

    private static void copy(Path from, Path to) throws IOException {
        List<Path> files = new ArrayList<>();
        try (Stream<Path> walk = Files.walk(from)) {
            walk.filter(Files::isRegularFile).forEach(files::add);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        for (Path file : files) {
            Path target = to.resolve(from.relativize(file).toString());
            Files.createDirectories(target.getParent());
            Files.copy(file, target);
        }
    }
}
