package io.penstock.injector;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsReaderTest {

    @Test
    void readsEveryKey() {
        InjectorSettings settings = Pods.settings("""
                sidecar:
                  image: registry.example/penstock:0.1.0
                  imagePullPolicy: Always
                  resources: {requests: {cpu: 1, memory: 64Mi}, limits: {memory: 128Mi, ephemeral-storage: 1Gi}}
                  logLevel: DEBUG
                  drain: 45s
                  runAsUser: 1000
                  native: never
                interception: redirect
                redirect:
                  hosts: [llm.models.svc, 10.0.0.7]
                  ports: [80]
                  image: registry.example/penstock-redirect:0.1.0
                policy:
                  configMap: llm-policy
                  source: {namespace: penstock-system, name: policy}
                  owner: {apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, name: penstock-injector}
                metrics: {scrapeAnnotations: false}
                excludeNamespaces: [kube-system]
                """);

        InjectorSettings.Sidecar sidecar = settings.sidecar();
        assertThat(sidecar.image()).isEqualTo("registry.example/penstock:0.1.0");
        assertThat(sidecar.imagePullPolicy()).isEqualTo("Always");
        assertThat(sidecar.resources().requests()).isEqualTo(Map.of("cpu", "1", "memory", "64Mi"));
        assertThat(sidecar.resources().limits()).isEqualTo(Map.of("memory", "128Mi", "ephemeral-storage", "1Gi"));
        assertThat(sidecar.logLevel()).isEqualTo("DEBUG");
        assertThat(sidecar.drain()).isEqualTo(Duration.ofSeconds(45));
        assertThat(sidecar.runAsUser()).isEqualTo(1000);
        assertThat(sidecar.nativeSidecar()).isEqualTo(InjectorSettings.NativeSidecar.NEVER);
        assertThat(settings.interception()).isEqualTo(InjectorSettings.Interception.REDIRECT);
        assertThat(settings.redirect())
                .isEqualTo(new InjectorSettings.Redirect(
                        List.of("llm.models.svc", "10.0.0.7"),
                        List.of(80),
                        "registry.example/penstock-redirect:0.1.0"));
        assertThat(settings.policy())
                .isEqualTo(new InjectorSettings.Policy(
                        "llm-policy", new InjectorSettings.Source("penstock-system", "policy"), "penstock-injector"));
        assertThat(settings.scrapeAnnotations()).isFalse();
        assertThat(settings.excludeNamespaces()).containsExactly("kube-system");
    }

    @Test
    void anImageIsEnough() {
        InjectorSettings settings = Pods.settings("sidecar: {image: penstock}\n");

        assertThat(settings.sidecar().runAsUser()).isEqualTo(65532);
        assertThat(settings.redirect().ports()).containsExactly(80, 8000, 8080, 11434);
        assertThat(settings.redirect().image()).isNull();
        assertThat(settings.policy().configMap()).isEqualTo("penstock-policy");
        assertThat(settings.policy().source()).isNull();
        assertThat(settings.scrapeAnnotations()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "sidecar: {}                                        | sidecar.image               | is missing",
                "sidecar: {image: a, drian: 5s}                     | sidecar.drian               | did you mean 'drain'?",
                "sidecar: {image: 'a b'}                            | sidecar.image               | expected an image reference",
                "sidecar: {image: a, runAsUser: 0}                  | sidecar.runAsUser           | a whole number from 1",
                "sidecar: {image: a, native: maybe}                 | sidecar.native              | one of",
                "sidecar: {image: a, resources: {limits: {cpu: x}}} | sidecar.resources.limits.cpu| a Kubernetes quantity",
                "{sidecar: {image: a}, interception: proxy}         | interception                | expected one of",
                "{sidecar: {image: a}, redirect: {ports: [0]}}      | redirect.ports[0]           | from 1 to 65535",
                "{sidecar: {image: a}, redirect: {hosts: ['a b']}}  | redirect.hosts[0]           | the name or the address of a host",
                "{sidecar: {image: a}, policy: {source: {name: p}}} | policy.source.namespace     | is missing",
                "{sidecar: {image: a}, policy: {owner: {kind: Pod, name: p}}} | policy.owner.kind | expected one of ClusterRole",
                "{sidecar: {image: a}, metrics: {scrapeAnnotations: 1}} | metrics.scrapeAnnotations | true or false"
            })
    void namesThePlaceAndTheCureOfWhatIsWrong(String yaml, String path, String message) {
        SettingsReader.Outcome outcome = SettingsReader.read(yaml.getBytes(StandardCharsets.UTF_8));

        assertThat(outcome).isInstanceOfSatisfying(SettingsReader.Outcome.Bad.class, bad -> assertThat(bad.problems())
                .anySatisfy(problem -> {
                    assertThat(problem.path()).isEqualTo(path);
                    assertThat(problem.message()).contains(message);
                }));
    }

    @Test
    void saysWhatIsWrongWithAFileThatIsNotThere(@TempDir Path dir) {
        assertThat(SettingsReader.read(dir.resolve("injector.yaml")))
                .isInstanceOfSatisfying(SettingsReader.Outcome.Bad.class, bad -> assertThat(bad.problems())
                        .singleElement()
                        .satisfies(problem -> assertThat(problem.message()).startsWith("does not exist")));
    }
}
