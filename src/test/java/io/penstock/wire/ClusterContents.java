package io.penstock.wire;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.StreamSupport;

/** The objects of a cluster, of every kind that its API server lists. */
final class ClusterContents {
    /** Events end by themselves, an hour later; component statuses are no objects. */
    private static final List<String> LEFT_OUT = List.of("events", "componentstatuses");

    private ClusterContents() {}

    /** All of them, by kind, namespace and name. */
    static SortedSet<String> of(Cluster admin) throws IOException, InterruptedException {
        SortedSet<String> found = new TreeSet<>();
        collect(admin, "/api/v1", found);
        for (JsonNode group : admin.get("/apis").expect(200).body().path("groups")) {
            collect(admin, "/apis/" + group.at("/preferredVersion/groupVersion").asText(), found);
        }
        return found;
    }

    private static void collect(Cluster admin, String version, SortedSet<String> found)
            throws IOException, InterruptedException {
        for (JsonNode resource : admin.get(version).expect(200).body().path("resources")) {
            String name = resource.path("name").asText();
            boolean listable = StreamSupport.stream(resource.path("verbs").spliterator(), false)
                    .anyMatch(verb -> verb.asText().equals("list"));
            if (!listable || LEFT_OUT.contains(name)) {
                continue;
            }
            for (JsonNode object :
                    admin.get(version + "/" + name).expect(200).body().path("items")) {
                JsonNode metadata = object.path("metadata");
                found.add(
                        version + "/" + name + " " + metadata.path("namespace").asText() + "/"
                                + metadata.path("name").asText());
            }
        }
    }
}
