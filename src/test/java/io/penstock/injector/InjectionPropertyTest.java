package io.penstock.injector;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.statistics.Statistics;

/** For any pod: what was there is still there, unchanged and in its order, and a second call changes nothing. */
class InjectionPropertyTest {
    private static final List<String> SETTINGS = List.of(
            Pods.SETTINGS,
            Pods.SETTINGS + "interception: redirect\nredirect: {hosts: [llm.models.svc]}\n",
            Pods.SETTINGS + "metrics: {scrapeAnnotations: false}\n");

    @Property(tries = 3_000)
    void everythingThatWasThereIsStillThere(
            @ForAll("pods") ObjectNode pod,
            @ForAll("settings") String settings,
            @ForAll("clusters") ClusterVersion cluster) {
        JsonNode before = pod.deepCopy();

        InjectionDecision decision = Pods.decide(settings, cluster, pod);

        Statistics.collect(decision.label());
        assertThat(pod).as("the request's own pod").isEqualTo(before);
        if (decision instanceof InjectionDecision.Inject) {
            JsonNode after = Pods.patched(pod, decision);
            assertContains(before, after, "");
            assertThat(Pods.decide(settings, cluster, after))
                    .isInstanceOfSatisfying(InjectionDecision.Inject.class, again -> assertThat(again.patch())
                            .isEmpty());
        }
    }

    /** Every member is still there; lists may have grown, but what they held is there in the order it was in. */
    private static void assertContains(JsonNode before, JsonNode after, String path) {
        if (before instanceof ObjectNode object) {
            assertThat(after.isObject()).as(path).isTrue();
            for (Map.Entry<String, JsonNode> member : object.properties()) {
                String below = path + "/" + member.getKey();
                assertThat(after.has(member.getKey())).as(below).isTrue();
                assertContains(member.getValue(), after.get(member.getKey()), below);
            }
        } else if (before instanceof ArrayNode list && isNamed(list)) {
            List<JsonNode> kept = new ArrayList<>();
            after.forEach(element -> list.forEach(old -> {
                if (old.path("name").equals(element.path("name"))) {
                    kept.add(element);
                }
            }));
            assertThat(kept).as(path).hasSize(list.size());
            for (int i = 0; i < list.size(); i++) {
                assertContains(list.get(i), kept.get(i), path + "/" + i);
            }
        } else {
            assertThat(after).as(path).isEqualTo(before);
        }
    }

    private static boolean isNamed(ArrayNode list) {
        return !list.isEmpty() && list.get(0).has("name");
    }

    @Provide
    Arbitrary<String> settings() {
        return Arbitraries.of(SETTINGS);
    }

    @Provide
    Arbitrary<ClusterVersion> clusters() {
        return Arbitraries.of(Pods.NEW, Pods.OLD);
    }

    @Provide
    Arbitrary<ObjectNode> pods() {
        Arbitrary<ObjectNode> spec = Combinators.combine(
                        containers("c").list().ofMinSize(1).ofMaxSize(4).uniqueElements(c -> c.path("name")),
                        containers("i").list().ofMaxSize(3).uniqueElements(c -> c.path("name")),
                        volumes().list().ofMaxSize(3).uniqueElements(v -> v.path("name")),
                        Arbitraries.of("Always", "Never", "OnFailure").injectNull(0.3),
                        Arbitraries.integers().between(0, 120).injectNull(0.5),
                        Arbitraries.of(true, false).injectNull(0.9),
                        unknown())
                .as((containers, inits, volumes, restart, grace, host, more) -> {
                    ObjectNode node = more.deepCopy();
                    node.putArray("containers").addAll(containers);
                    if (!inits.isEmpty()) {
                        node.putArray("initContainers").addAll(inits);
                    }
                    if (!volumes.isEmpty()) {
                        node.putArray("volumes").addAll(volumes);
                    }
                    if (restart != null) {
                        node.put("restartPolicy", restart);
                    }
                    if (grace != null) {
                        node.put("terminationGracePeriodSeconds", grace);
                    }
                    if (host != null) {
                        node.put("hostNetwork", host);
                    }
                    return node;
                });
        return Combinators.combine(spec, metadata()).as((body, metadata) -> {
            ObjectNode pod = Pods.JSON.createObjectNode();
            pod.put("apiVersion", "v1").put("kind", "Pod");
            pod.set("metadata", metadata);
            pod.set("spec", body);
            return pod;
        });
    }

    private static Arbitrary<ObjectNode> metadata() {
        Arbitrary<Tuple.Tuple2<String, String>> annotations = Arbitraries.of(
                Tuple.of("penstock.io/log-level", "DEBUG"),
                Tuple.of("penstock.io/skip-containers", "c0,i1"),
                Tuple.of("penstock.io/env-injection", "false"),
                Tuple.of("penstock.io/keys-secret", "keys"),
                Tuple.of("penstock.io/interception", "redirect"),
                Tuple.of("penstock.io/config", "own"),
                Tuple.of("prometheus.io/scrape", "true"),
                Tuple.of("a.example/with~tilde", "x/y"),
                Tuple.of("kubectl.kubernetes.io/default-container", "c1"));
        return Combinators.combine(
                        annotations.list().ofMaxSize(4),
                        Arbitraries.of("true", "false").injectNull(0.8),
                        unknown())
                .as((pairs, label, more) -> {
                    ObjectNode metadata = more.deepCopy();
                    metadata.put("generateName", "pod-");
                    if (!pairs.isEmpty()) {
                        ObjectNode node = metadata.putObject("annotations");
                        pairs.forEach(pair -> node.put(pair.get1(), pair.get2()));
                    }
                    if (label != null) {
                        metadata.putObject("labels").put("penstock.io/inject", label);
                    }
                    return metadata;
                });
    }

    private static Arbitrary<ObjectNode> containers(String prefix) {
        Arbitrary<ObjectNode> variables = Combinators.combine(
                        Arbitraries.of("OPENAI_BASE_URL", "OPENAI_API_BASE", "ANTHROPIC_BASE_URL", "PATH", "A", "B"),
                        Arbitraries.strings().alpha().ofMaxLength(5))
                .as((name, value) ->
                        Pods.JSON.createObjectNode().put("name", name).put("value", value));
        return Combinators.combine(
                        Arbitraries.integers().between(0, 5),
                        variables.list().ofMaxSize(4).uniqueElements(v -> v.path("name")),
                        Arbitraries.of(8080, 4100, 9090).injectNull(0.9),
                        Arbitraries.of(true, false),
                        unknown())
                .as((number, env, port, envFrom, more) -> {
                    ObjectNode container = more.deepCopy();
                    container.put("name", prefix + number).put("image", "x");
                    if (!env.isEmpty()) {
                        container.putArray("env").addAll(env);
                    }
                    if (port != null) {
                        container.putArray("ports").addObject().put("containerPort", port);
                    }
                    if (envFrom) {
                        container
                                .putArray("envFrom")
                                .addObject()
                                .putObject("secretRef")
                                .put("name", "s");
                    }
                    return container;
                });
    }

    private static Arbitrary<ObjectNode> volumes() {
        return Arbitraries.of("data", "cache", "token", "penstock-tmp").map(name -> {
            ObjectNode volume = Pods.JSON.createObjectNode().put("name", name);
            volume.putObject("emptyDir");
            return volume;
        });
    }

    /** What a later Kubernetes may have come up with. */
    private static Arbitrary<ObjectNode> unknown() {
        return Arbitraries.of(
                        "{}",
                        "{\"futureField\":[1,null,{\"a\":[]}]}",
                        "{\"resizePolicy\":[{\"resourceName\":\"cpu\"}],\"x-y/z\":1.50}",
                        "{\"tolerations\":[{\"key\":\"a\",\"operator\":\"Exists\"}],\"big\":12345678901234567890}")
                .map(Pods::json);
    }
}
