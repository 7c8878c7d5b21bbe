package io.penstock.injector;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Pods before and after, so that what the injector does can be read without its code. {@code x.json} holds the server's
 * version, settings beyond the usual ones, and the pod; {@code x.injected.json} the pod as it becomes and what its creator is
 * told. {@code -Dpenstock.golden.write} writes the latter anew.
 */
class GoldenPodsTest {
    private static final Path PODS = Path.of("src/test/resources/pods");

    @ParameterizedTest
    @MethodSource("cases")
    void becomesWhatItDidBefore(String name) throws IOException {
        JsonNode given = Pods.JSON.readTree(PODS.resolve(name + ".json").toFile());
        String[] server = given.path("server").asText().split("\\.", -1);
        InjectionDecision decision = Pods.decide(
                Pods.SETTINGS + given.path("settings").asText(),
                ClusterVersion.of(server[0], server[1]).orElseThrow(),
                given.get("pod"));
        ObjectNode result = Pods.JSON.createObjectNode();
        result.put("result", decision.label());
        decision.warnings().forEach(result.putArray("warnings")::add);
        Optional.of(decision)
                .filter(InjectionDecision.Inject.class::isInstance)
                .ifPresent(inject -> result.set("pod", Pods.patched(given.get("pod"), inject)));

        Path golden = PODS.resolve(name + ".injected.json");
        String text = Pods.JSON.writerWithDefaultPrettyPrinter().writeValueAsString(result) + "\n";
        if (System.getProperty("penstock.golden.write") != null) {
            Files.writeString(golden, text);
        }
        assertThat(text).isEqualTo(Files.readString(golden));
    }

    static Stream<String> cases() throws IOException {
        try (Stream<Path> files = Files.list(PODS)) {
            return files
                    .map(file -> file.getFileName().toString())
                    .filter(file -> file.endsWith(".json") && !file.endsWith(".injected.json"))
                    .map(file -> file.replace(".json", ""))
                    .sorted()
                    .toList()
                    .stream();
        }
    }
}
