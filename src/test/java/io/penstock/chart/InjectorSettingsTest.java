package io.penstock.chart;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.injector.InjectorSettings;
import io.penstock.injector.SettingsReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The injector's settings, as chart and manifests write them, are what the injector itself reads: it refuses what it does not know. */
class InjectorSettingsTest {
    @TempDir
    private Path directory;

    static List<Arguments> cases() {
        return RenderedChartTest.cases().toList();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void theInjectorReadsWhatTheChartRenders(String name, Tool helm) throws IOException {
        InjectorSettings settings = read(rendered(helm, RenderedChartTest.CASES.get(name)));

        assertThat(settings.excludeNamespaces()).contains("kube-system", Chart.NAMESPACE);
        assertThat(settings.toString()).containsPattern("owner=[a-z-]+-injector\\b");
    }

    @Test
    void theInjectorReadsTheManifestAsItReadsTheChart() throws IOException {
        assertThat(good(Path.of("deploy/kubernetes/base/injector.yaml")))
                .isEqualTo(read(rendered(Tool.HELM4, List.of())));
    }

    /** Each of these is read by the program under another name than that of the value. */
    @Test
    void valuesReachTheProgram() throws IOException {
        String settings = read(rendered(
                        Tool.HELM4,
                        List.of(
                                "--set",
                                "sidecar.image.repository=registry.example/p,sidecar.image.tag=v9",
                                "--set",
                                "sidecar.native=never,sidecar.drain=45s,sidecar.logLevel=DEBUG,sidecar.runAsUser=null",
                                "--set",
                                "interception=redirect,redirect.hosts={llm.svc},redirect.ports={81},redirect.image=r:1",
                                "--set",
                                "policy.configMapName=copy,policy.existingConfigMap=mine,metrics.scrapeAnnotations=false")))
                .toString();

        assertThat(settings)
                .contains("image=registry.example/p:v9", "nativeSidecar=NEVER", "drain=PT45S", "logLevel=DEBUG")
                .contains("runAsUser=null", "interception=REDIRECT", "hosts=[llm.svc], ports=[81], image=r:1")
                .contains("configMap=copy", "source=penstock-system/mine", "scrapeAnnotations=false");
    }

    private InjectorSettings read(String yaml) throws IOException {
        return good(Files.writeString(directory.resolve("injector.yaml"), yaml));
    }

    private static InjectorSettings good(Path file) {
        SettingsReader.Outcome outcome = SettingsReader.read(file);
        assertThat(outcome).isInstanceOf(SettingsReader.Outcome.Good.class);
        return ((SettingsReader.Outcome.Good) outcome).settings();
    }

    private static String rendered(Tool helm, List<String> values) {
        return Chart.template(helm, values).stream()
                .filter(object -> object.get("kind").equals("ConfigMap"))
                .map(object -> Chart.map(object.get("data")).get("injector.yaml"))
                .filter(Objects::nonNull)
                .map(Object::toString)
                .findFirst()
                .orElseThrow();
    }
}
