package io.penstock.injector;

import static io.penstock.injector.Pods.NEW;
import static io.penstock.injector.Pods.OLD;
import static io.penstock.injector.Pods.SETTINGS;
import static io.penstock.injector.Pods.decide;
import static io.penstock.injector.Pods.json;
import static io.penstock.injector.Pods.patched;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InjectionTest {
    private static final String PLAIN =
            "{\"metadata\":{},\"spec\":{\"containers\":[{\"name\":\"app\",\"image\":\"a\"}]}}";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "host_network       | `{\"metadata\":{},\"spec\":{\"hostNetwork\":true,\"containers\":[{\"name\":\"a\"}]}}`",
                "windows            | `{\"metadata\":{},\"spec\":{\"os\":{\"name\":\"windows\"},\"containers\":[{\"name\":\"a\"}]}}`",
                "windows            | `{\"metadata\":{},\"spec\":{\"nodeSelector\":{\"kubernetes.io/os\":\"windows\"},\"containers\":[{\"name\":\"a\"}]}}`",
                "static_pod         | `{\"metadata\":{\"annotations\":{\"kubernetes.io/config.mirror\":\"x\"}},\"spec\":{\"containers\":[{\"name\":\"a\"}]}}`",
                "opted_out          | `{\"metadata\":{\"labels\":{\"penstock.io/inject\":\"false\"}},\"spec\":{\"containers\":[{\"name\":\"a\"}]}}`",
                "opted_out          | `{\"metadata\":{\"labels\":{\"penstock.io/inject\":\"False\"}},\"spec\":{\"containers\":[{\"name\":\"a\"}]}}`",
                "name_taken         | `{\"metadata\":{},\"spec\":{\"containers\":[{\"name\":\"penstock\"}]}}`",
                "name_taken         | `{\"metadata\":{},\"spec\":{\"containers\":[{\"name\":\"a\"}],\"initContainers\":[{\"name\":\"penstock-redirect\"}]}}`",
                "name_taken         | `{\"metadata\":{},\"spec\":{\"containers\":[{\"name\":\"a\"}],\"volumes\":[{\"name\":\"penstock-tmp\"}]}}`",
                "port_taken         | `{\"metadata\":{},\"spec\":{\"containers\":[{\"name\":\"a\",\"ports\":[{\"containerPort\":4100}]}]}}`",
                "port_taken         | `{\"metadata\":{},\"spec\":{\"containers\":[{\"name\":\"a\"}],\"initContainers\":[{\"name\":\"b\",\"ports\":[{\"containerPort\":4190}]}]}}`",
                "no_container_served| `{\"metadata\":{\"annotations\":{\"penstock.io/skip-containers\":\"a\"}},\"spec\":{\"containers\":[{\"name\":\"a\"}]}}`",
                "invalid_annotation | `{\"metadata\":{\"annotations\":{\"penstock.io/log-level\":\"LOUD\"}},\"spec\":{\"containers\":[{\"name\":\"a\"}]}}`"
            })
    void skipsWithAReason(String label, String pod) {
        InjectionDecision decision = decide(SETTINGS, NEW, json(pod));

        assertThat(decision).isInstanceOf(InjectionDecision.Skip.class);
        assertThat(decision.label()).isEqualTo(label);
        assertThat(decision.warnings()).singleElement().asString().startsWith("no Penstock sidecar: ");
    }

    @Test
    void skipsExcludedNamespaces() {
        AdmissionRequest request = new AdmissionRequest("u", "kube-system", true, json(PLAIN), false);

        assertThat(new Injection(Pods.settings(SETTINGS), "1")
                        .decide(request, NEW)
                        .label())
                .isEqualTo("namespace_excluded");
    }

    @Test
    void skipsWhatIsNoCreationOfAPod() {
        AdmissionRequest request = new AdmissionRequest("u", "shop", false, json("{}"), false);

        assertThat(new Injection(Pods.settings(SETTINGS), "1")
                        .decide(request, NEW)
                        .label())
                .isEqualTo("not_a_pod_creation");
    }

    @Test
    void namesTheAnnotationThatCannotBeUnderstoodAndWhatItMayBe() {
        ObjectNode pod = annotated("penstock.io/memory-limit", "lots");

        assertThat(decide(SETTINGS, NEW, pod).warnings())
                .singleElement()
                .asString()
                .contains("penstock.io/memory-limit is 'lots', expected a Kubernetes quantity");
    }

    @Test
    void injectsAndWarnsWhereAnAnnotationIsUnknown() {
        InjectionDecision decision = decide(SETTINGS, NEW, annotated("penstock.io/log-levl", "DEBUG"));

        assertThat(decision.label()).isEqualTo("injected");
        assertThat(decision.warnings())
                .singleElement()
                .asString()
                .isEqualTo("annotation 'penstock.io/log-levl' is not known; did you mean 'penstock.io/log-level'?");
    }

    @Test
    void aPodThatEndsGetsNoOrdinarySidecarAndGetsANativeOne() {
        ObjectNode job = json(PLAIN);
        job.withObject("/spec").put("restartPolicy", "Never");

        assertThat(decide(SETTINGS, OLD, job).label()).isEqualTo("would_never_finish");
        assertThat(patched(job, decide(SETTINGS, NEW, job))
                        .at("/spec/initContainers/0/restartPolicy")
                        .asText())
                .isEqualTo("Always");
    }

    @Test
    void nativeSidecarIsTheFirstOfTheInitContainersWhichThenUseIt() {
        ObjectNode pod = json(PLAIN);
        pod.withObject("/spec").putArray("initContainers").addObject().put("name", "warm-up");

        JsonNode result = patched(pod, decide(SETTINGS, NEW, pod));

        assertThat(names(result.at("/spec/initContainers"))).containsExactly("penstock", "warm-up");
        assertThat(variable(result.at("/spec/initContainers/1"), "OPENAI_BASE_URL"))
                .isEqualTo("http://127.0.0.1:4100/openai/v1");
    }

    @Test
    void ordinarySidecarLeavesInitContainersAloneAndSaysSo() {
        ObjectNode pod = json(PLAIN);
        pod.withObject("/spec").putArray("initContainers").addObject().put("name", "warm-up");

        InjectionDecision decision = decide(SETTINGS, OLD, pod);
        JsonNode result = patched(pod, decision);

        assertThat(names(result.at("/spec/containers"))).containsExactly("penstock", "app");
        assertThat(result.at("/spec/initContainers")).isEqualTo(pod.at("/spec/initContainers"));
        assertThat(result.at("/metadata/annotations/kubectl.kubernetes.io~1default-container")
                        .asText())
                .isEqualTo("app");
        assertThat(decision.warnings()).singleElement().asString().contains("init containers run before");
    }

    @Test
    void variablesThatTheContainerSetsItselfStayAndTheirSiblingsAreNotSet() {
        ObjectNode pod = json(PLAIN);
        ObjectNode app = (ObjectNode) pod.at("/spec/containers/0");
        app.putArray("env").addObject().put("name", "OPENAI_API_BASE").put("value", "https://mine.example/v1");

        JsonNode result = patched(pod, decide(SETTINGS, NEW, pod)).at("/spec/containers/0");

        assertThat(names(result.path("env")))
                .containsExactly("OPENAI_API_BASE", "ANTHROPIC_BASE_URL", "GOOGLE_GEMINI_BASE_URL");
        assertThat(variable(result, "OPENAI_API_BASE")).isEqualTo("https://mine.example/v1");
    }

    @Test
    void skippedContainersKeepTheirEnvironment() {
        ObjectNode pod = annotated("penstock.io/skip-containers", "other, ghost");
        ((com.fasterxml.jackson.databind.node.ArrayNode) pod.at("/spec/containers"))
                .addObject()
                .put("name", "other");

        InjectionDecision decision = decide(SETTINGS, NEW, pod);
        JsonNode result = patched(pod, decision);

        assertThat(result.at("/spec/containers/1")).isEqualTo(pod.at("/spec/containers/1"));
        assertThat(result.at("/spec/containers/0/env")).hasSize(4);
        assertThat(decision.warnings()).singleElement().asString().contains("'ghost', which is no container");
    }

    @Test
    void aSecondCallCompletesWhatAnotherWebhookHasAddedSince() {
        ObjectNode pod = json(PLAIN);
        ObjectNode once = (ObjectNode) patched(pod, decide(SETTINGS, NEW, pod));
        assertThat(decide(SETTINGS, NEW, once).label()).isEqualTo("unchanged");

        once.withArray("/spec/containers").addObject().put("name", "late");
        InjectionDecision again = decide(SETTINGS, NEW, once);

        assertThat(again.label()).isEqualTo("injected");
        JsonNode result = patched(once, again);
        assertThat(variable(result.at("/spec/containers/1"), "ANTHROPIC_BASE_URL"))
                .isEqualTo("http://127.0.0.1:4100/anthropic");
        assertThat(names(result.at("/spec/initContainers"))).containsExactly("penstock");
    }

    @Test
    void namedConfigMapMustExistAndTheKeptCopyNeedNot() {
        JsonNode kept = patched(json(PLAIN), decide(SETTINGS, NEW, json(PLAIN)));
        ObjectNode own = annotated("penstock.io/config", "mine");
        JsonNode named = patched(own, decide(SETTINGS, NEW, own));

        assertThat(kept.at("/spec/volumes/0/configMap").toString())
                .isEqualTo("{\"name\":\"penstock-policy\",\"optional\":true}");
        assertThat(variable(kept.at("/spec/initContainers/0"), "PENSTOCK_POLICY"))
                .isEmpty();
        assertThat(named.at("/spec/volumes/0/configMap").toString())
                .isEqualTo("{\"name\":\"mine\",\"optional\":false}");
        assertThat(variable(named.at("/spec/initContainers/0"), "PENSTOCK_POLICY"))
                .isEqualTo("/etc/penstock/penstock.yaml");
    }

    @Test
    void keysAreMountedInTheSidecarOnly() {
        ObjectNode pod = annotated("penstock.io/keys-secret", "llm-keys");
        JsonNode result = patched(pod, decide(SETTINGS, NEW, pod));

        assertThat(result.at("/spec/volumes").toString())
                .contains("{\"name\":\"penstock-keys\",\"secret\":{\"secretName\":\"llm-keys\"}}");
        assertThat(result.at("/spec/initContainers/0/volumeMounts").toString())
                .contains("\"mountPath\":\"/var/run/penstock/keys\",\"readOnly\":true");
        assertThat(result.at("/spec/containers/0/volumeMounts").isMissingNode()).isTrue();
    }

    @Test
    void leavesTheUidToThePlatformWhereSettingsSaySo() {
        String settings = SETTINGS.replace("sidecar:\n", "sidecar:\n  runAsUser: null\n");
        JsonNode context =
                patched(json(PLAIN), decide(settings, NEW, json(PLAIN))).at("/spec/initContainers/0/securityContext");

        assertThat(context.has("runAsUser")).isFalse();
        assertThat(context.path("runAsNonRoot").asBoolean()).isTrue();
        assertThat(decide(settings, NEW, annotated("penstock.io/interception", "redirect"))
                        .label())
                .isEqualTo("redirect_without_user");
    }

    @Test
    void redirectRunsFromThePodsSidecarImageWithNetAdminAlone() {
        ObjectNode pod = annotated("penstock.io/interception", "redirect");
        pod.withObject("/metadata/annotations").put("penstock.io/image", "registry.example/penstock:trial");
        pod.withObject("/metadata/annotations").put("penstock.io/redirect-hosts", "llm.models.svc");

        JsonNode own = patched(pod, decide(SETTINGS, NEW, pod)).at("/spec/initContainers/0");
        assertThat(own.path("image").asText()).isEqualTo("registry.example/penstock:trial");
        assertThat(own.at("/securityContext/capabilities/add")).hasToString("[\"NET_ADMIN\"]");
    }

    @Test
    void redirectRunsFromTheImageThatTheOperatorNamesAndMayUseIptablesThere() {
        ObjectNode pod = annotated("penstock.io/interception", "redirect");
        pod.withObject("/metadata/annotations").put("penstock.io/image", "registry.example/penstock:trial");

        JsonNode named = patched(pod, decide(SETTINGS + "redirect: {image: registry.example/iptables:1}\n", NEW, pod))
                .at("/spec/initContainers/0");
        assertThat(named.path("image").asText()).isEqualTo("registry.example/iptables:1");
        assertThat(named.at("/securityContext/capabilities/add")).hasToString("[\"NET_ADMIN\",\"NET_RAW\"]");
    }

    @Test
    void redirectRunsBeforeANativeSidecarAndAfterTheInitContainersOfAnOrdinaryOne() {
        ObjectNode pod = annotated("penstock.io/interception", "redirect");
        pod.withObject("/metadata/annotations").put("penstock.io/redirect-hosts", "llm.models.svc");
        pod.withObject("/spec").putArray("initContainers").addObject().put("name", "warm-up");

        JsonNode native_ = patched(pod, decide(SETTINGS, NEW, pod));
        JsonNode ordinary = patched(pod, decide(SETTINGS, OLD, pod));

        assertThat(names(native_.at("/spec/initContainers")))
                .containsExactly("penstock-redirect", "penstock", "warm-up");
        assertThat(names(ordinary.at("/spec/initContainers"))).containsExactly("warm-up", "penstock-redirect");
        assertThat(native_.at("/spec/initContainers/0/args").toString())
                .contains("--exempt-user=65532", "--host=llm.models.svc", "--port=11434");
        assertThat(native_.at("/spec/containers/0/env").isMissingNode()).isTrue();
        assertThat(variable(native_.at("/spec/initContainers/1"), "PENSTOCK_REDIRECT"))
                .isEqualTo("true");
    }

    @Test
    void warnsWhereTheGracePeriodIsShorterThanTheDrain() {
        ObjectNode pod = json(PLAIN);
        pod.withObject("/spec").put("terminationGracePeriodSeconds", 5);

        assertThat(decide(SETTINGS, NEW, pod).warnings())
                .singleElement()
                .asString()
                .contains("is 5", "allows 30 s");
    }

    @Test
    void warnsWhereEnvFromMayHoldABaseUrl() {
        ObjectNode pod = json(PLAIN);
        ((ObjectNode) pod.at("/spec/containers/0"))
                .putArray("envFrom")
                .addObject()
                .putObject("configMapRef");

        assertThat(decide(SETTINGS, NEW, pod).warnings())
                .singleElement()
                .asString()
                .contains("'app' has envFrom");
    }

    @Test
    void leavesTheScrapeAnnotationsOfTheApplication() {
        JsonNode result = patched(
                annotated("prometheus.io/scrape", "false"),
                decide(SETTINGS, NEW, annotated("prometheus.io/scrape", "false")));

        assertThat(result.at("/metadata/annotations/prometheus.io~1scrape").asText())
                .isEqualTo("false");
        assertThat(result.at("/metadata/annotations").has("prometheus.io/port")).isFalse();
    }

    @Test
    void warningsFitWhatApiServersLetThrough() {
        ObjectNode pod = annotated("penstock.io/" + "x".repeat(300), "1");
        AdmissionRequest request = Pods.request(pod);

        JsonNode answer = AdmissionAnswer.of(request, decide(SETTINGS, NEW, pod));

        assertThat(answer.at("/response/warnings/0").asText()).hasSizeLessThanOrEqualTo(256);
        assertThat(answer.at("/response/allowed").asBoolean()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"1,28,false", "1,29,true", "1,29+,true", "2,0,true", "1,34-gke.1,true"})
    void knowsNativeSidecarsByTheServersVersion(String major, String minor, boolean has) {
        assertThat(ClusterVersion.of(major, minor).orElseThrow().hasNativeSidecars())
                .isEqualTo(has);
    }

    private static ObjectNode annotated(String key, String value) {
        ObjectNode pod = json(PLAIN);
        pod.withObject("/metadata/annotations").put(key, value);
        return pod;
    }

    private static List<String> names(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false)
                .map(element -> element.path("name").asText())
                .toList();
    }

    private static String variable(JsonNode container, String name) {
        return StreamSupport.stream(container.path("env").spliterator(), false)
                .filter(variable -> variable.path("name").asText().equals(name))
                .map(variable -> variable.path("value").asText())
                .findFirst()
                .orElse("");
    }
}
