package io.penstock.injector;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/**
 * A view of some objects of the cluster that is kept up to date: lists them, then watches for changes from the list's
 * version on, and lists anew where the server no longer has the changes. Of each object only what {@code project} takes is
 * kept. One thread runs {@link #round()} after {@link #round()}; any thread may read {@link #objects()}.
 */
final class ListWatch<T> {
    private static final Logger LOG = Logger.getLogger(ListWatch.class);
    private static final int PAGE = 100;
    private static final int GONE = 410;

    /**
     * How long the server keeps a watch. Short, because a connection that died without a word shows only by its end: this
     * is how late a change can be then.
     */
    private static final int WATCH_SECONDS = 50;

    private static final Duration WATCH_LIMIT = Duration.ofSeconds(WATCH_SECONDS + 10);

    private static final Duration SHORTEST_WATCH = Duration.ofSeconds(1);

    /** What to list and to watch. */
    interface Resource {
        Uni<RestResponse<String>> list(KubernetesApi api, String bearer, int limit, @Nullable String next);

        Multi<byte[]> watch(KubernetesApi api, String bearer, int seconds, String version);
    }

    private final String what;
    private final Resource resource;
    private final Kubernetes kubernetes;
    private final ObjectMapper json;
    private final Function<JsonNode, T> project;
    private final Runnable onChange;
    private final Map<String, T> objects = new ConcurrentHashMap<>();

    private String version = "";
    private volatile boolean listed;

    /**
     * A view that knows nothing yet.
     *
     * @param what the objects, in the plural, for the log
     * @param onChange called after the view has changed
     */
    ListWatch(
            String what,
            Resource resource,
            Kubernetes kubernetes,
            ObjectMapper json,
            Function<JsonNode, T> project,
            Runnable onChange) {
        this.what = what;
        this.resource = resource;
        this.kubernetes = kubernetes;
        this.json = json;
        this.project = project;
        this.onChange = onChange;
    }

    /** By namespace and name. Empty until {@link #listed()}. */
    Map<String, T> objects() {
        return objects;
    }

    boolean listed() {
        return listed;
    }

    /** Lists where that is needed, else watches until the watch ends. Returns whether it went well. */
    boolean round() {
        return version.isEmpty() ? list() : watch();
    }

    private boolean list() {
        Map<String, T> found = new HashMap<>();
        String next = null;
        String listVersion;
        do {
            String from = next;
            Kubernetes.Answer answer = kubernetes.call((api, bearer) -> resource.list(api, bearer, PAGE, from));
            if (!(answer instanceof Kubernetes.Answer.Found page)) {
                LOG.warnf("%s could not be listed: %s", what, answer);
                return false;
            }
            page.body().path("items").forEach(item -> found.put(key(item), project.apply(item)));
            listVersion = page.body().path("metadata").path("resourceVersion").asText();
            next = page.body().path("metadata").path("continue").asText();
        } while (!next.isEmpty());
        Set<String> gone = new HashSet<>(objects.keySet());
        gone.removeAll(found.keySet());
        objects.putAll(found);
        gone.forEach(objects::remove);
        version = listVersion;
        listed = true;
        onChange.run();
        return !listVersion.isEmpty();
    }

    private boolean watch() {
        LineBuffer lines = new LineBuffer();
        long began = System.nanoTime();
        try {
            kubernetes
                    .watch((api, bearer) -> resource.watch(api, bearer, WATCH_SECONDS, version))
                    .onItem()
                    .transformToMultiAndConcatenate(chunk -> Multi.createFrom().iterable(lines.feed(chunk)))
                    .select()
                    .first(this::goesOn)
                    .collect()
                    .last()
                    .ifNoItem()
                    .after(WATCH_LIMIT)
                    .fail()
                    .await()
                    .indefinitely();
            if (!version.isEmpty()) {
                lines.rest().forEach(this::goesOn);
            }
        } catch (IOException | RuntimeException e) {
            LOG.debugf("the watch of %s ended: %s", what, Kubernetes.reason(e));
            return false;
        }
        // A watch that ends as soon as it began is refused in a way that nobody foresaw: not to be tried without a
        // pause.
        return !version.isEmpty() && System.nanoTime() - began > SHORTEST_WATCH.toNanos();
    }

    /** Takes one event in, and says whether the watch can go on from it. */
    private boolean goesOn(String line) {
        JsonNode event;
        try {
            event = json.readTree(line);
        } catch (IOException e) {
            LOG.warnf("the watch of %s sent what is not JSON", what);
            version = "";
            return false;
        }
        JsonNode object = event.path("object");
        switch (event.path("type").asText()) {
            case "ADDED", "MODIFIED" -> {
                objects.put(key(object), project.apply(object));
                onChange.run();
            }
            case "DELETED" -> {
                objects.remove(key(object));
                onChange.run();
            }
            case "BOOKMARK" -> {}
            default -> {
                // An ERROR event, or an error instead of events: what was missed is known to no one, so begin anew.
                JsonNode status = object.isMissingNode() ? event : object;
                if (status.path("code").asInt() != GONE) {
                    LOG.warnf(
                            "the watch of %s failed: %s",
                            what, status.path("message").asText("no reason given"));
                }
                version = "";
                return false;
            }
        }
        version = object.path("metadata").path("resourceVersion").asText(version);
        return true;
    }

    private static String key(JsonNode object) {
        JsonNode metadata = object.path("metadata");
        return metadata.path("namespace").asText() + "/" + metadata.path("name").asText();
    }
}
