package io.penstock.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.StreamSupport;

/** A pod as an API server made it, looked at for what the injector did to it. */
final class MadePod {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path EXPECTED = Path.of("src/test/resources/install");

    private MadePod() {}

    /** How many sidecars it has among its init containers. */
    static long sidecars(JsonNode pod) {
        return StreamSupport.stream(pod.at("/spec/initContainers").spliterator(), false)
                .filter(container -> container.path("name").asText().equals("penstock"))
                .count();
    }

    /** A pod without what differs from one run to the next. */
    static JsonNode timeless(JsonNode pod) throws IOException {
        ObjectNode copy = (ObjectNode) JSON.readTree(pod.toString()
                .replaceAll("kube-api-access-\\w{5}", "kube-api-access")
                .replaceAll("\"app-[a-z0-9]{10}\"", "\"app-of-this-content\"")
                .replaceAll("(\\\\\"version\\\\\":\\\\\")[^\\\\]*", "$1of this build"));
        copy.retain("metadata", "spec");
        ((ObjectNode) copy.path("metadata")).retain("annotations", "labels");
        if (copy.path("metadata").has("labels")) {
            ((ObjectNode) copy.at("/metadata/labels"))
                    .remove(List.of("pod-template-hash", "controller-uid", "batch.kubernetes.io/controller-uid"));
        }
        return copy;
    }

    /** Compares it with a file; {@code -Dpenstock.golden.write} writes the file anew. */
    static void inStep(String name, JsonNode pod) throws IOException {
        Path file = EXPECTED.resolve(name);
        String text = JSON.writerWithDefaultPrettyPrinter().writeValueAsString(timeless(pod)) + "\n";
        if (System.getProperty("penstock.golden.write") != null) {
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
        }
        assertThat(text).isEqualTo(Files.readString(file));
    }
}
