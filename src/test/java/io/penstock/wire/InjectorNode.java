package io.penstock.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * What a node does for the injector's pods: mounts what the pod says, runs the program with the pod's arguments and variables,
 * reports its readiness and address, and ends it when the pod is gone. The files lie where the pod says, but below a folder of
 * this test; the port is one that is free here.
 */
final class InjectorNode implements AutoCloseable {
    private static final String NODE = "node-of-injectors";
    private static final String ACCOUNT = "/var/run/secrets/kubernetes.io/serviceaccount";

    private final KubernetesServer server;
    private final Cluster admin;
    private final PodTunnel tunnel;
    private final String namespace;
    private final ScheduledExecutorService worker = Executors.newSingleThreadScheduledExecutor();
    private final Map<String, Running> pods = new ConcurrentHashMap<>();
    private final Set<String> ending = new HashSet<>();
    private @Nullable String tokensFrom;
    private int addresses;
    private boolean down;
    private boolean atRest;

    private record Running(String address, Path account, String accountName, PenstockProcess process) {}

    InjectorNode(KubernetesServer server, Cluster admin, PodTunnel tunnel, String namespace) throws Exception {
        this.server = server;
        this.admin = admin;
        this.tunnel = tunnel;
        this.namespace = namespace;
        admin.create("/api/v1/nodes", "{\"metadata\": {\"name\": \"%s\"}}".formatted(NODE))
                .expect(201);
        worker.scheduleWithFixedDelay(this::look, 0, 200, TimeUnit.MILLISECONDS);
    }

    /** Ends the processes, as a crash of the node does, while the API server still believes that the pods are there. */
    void goDown() throws Exception {
        worker.submit(() -> {
                    down = true;
                    pods.values().forEach(pod -> pod.process().close());
                    pods.clear();
                })
                .get();
    }

    /** Starts the pods again, at new addresses. */
    void comeBack() throws Exception {
        worker.submit(() -> down = false).get();
    }

    /** Gives running pods new tokens in place of those they have, which are of no use from then on. */
    void renewTokens() throws Exception {
        String former = Objects.requireNonNull(tokensFrom);
        worker.submit(() -> {
                    tokensFrom = null;
                    for (Running pod : pods.values()) {
                        Files.writeString(pod.account().resolve("token"), token(pod.accountName()));
                    }
                    return null;
                })
                .get();
        admin.delete("/api/v1/namespaces/" + namespace + "/secrets/" + former).expect(200);
    }

    /**
     * Whether every pod that is wanted runs, and no other: one that ends serves on for a while, with the settings and to the
     * connections that it has.
     */
    boolean atRest() throws Exception {
        return worker.submit(() -> {
                    look();
                    return atRest;
                })
                .get();
    }

    /** One pod's token. */
    String token() throws IOException {
        return Files.readString(pods.values().iterator().next().account().resolve("token"));
    }

    List<PenstockProcess> processes() {
        return pods.values().stream().map(Running::process).toList();
    }

    /** The sum over all pods of a series that they export. */
    double metric(String series) throws IOException, InterruptedException {
        return InjectorReplicas.metric(processes(), series);
    }

    @Override
    public void close() {
        worker.shutdownNow();
        pods.values().forEach(pod -> pod.process().close());
    }

    private void look() {
        try {
            Map<String, JsonNode> wanted = new HashMap<>();
            admin.get(path("pods?labelSelector=app.kubernetes.io%2Fcomponent%3Dinjector"))
                    .body()
                    .path("items")
                    .forEach(pod -> wanted.put(pod.at("/metadata/name").asText(), pod));
            atRest = wanted.keySet().equals(pods.keySet()) && ending.isEmpty();
            for (Map.Entry<String, JsonNode> pod : wanted.entrySet()) {
                Running running = pods.get(pod.getKey());
                boolean ends = pod.getValue().at("/metadata").has("deletionTimestamp");
                if (ends && running == null) {
                    forget(pod.getKey());
                    atRest = false;
                } else if (ends && running != null && ending.add(pod.getKey())) {
                    ProcessHandle.of(running.process().pid()).ifPresent(ProcessHandle::destroy);
                    atRest = false;
                } else if (ends && running != null && !running.process().isAlive()) {
                    tunnel.close(running.address());
                    pods.remove(pod.getKey());
                    forget(pod.getKey());
                } else if (!ends && !down && running == null) {
                    pods.put(pod.getKey(), start(pod.getKey(), pod.getValue()));
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception | AssertionError e) {
            // Tried again, as a kubelet does; the test that waits for the pod fails if it does not come.
            System.err.println("InjectorNode: " + e);
        }
    }

    private Running start(String name, JsonNode pod) throws Exception {
        if (!pod.path("spec").has("nodeName")) {
            admin.create(path("pods/" + name + "/binding"), """
                            {"metadata": {"name": "%s"}, "target": {"kind": "Node", "name": "%s"}}""".formatted(name, NODE))
                    .expect(201);
        }
        JsonNode container = pod.at("/spec/containers/0");
        assertThat(container.at("/readinessProbe/httpGet/path").asText()).isEqualTo("/health/ready");
        Path root = server.folder();
        Path account = mounted(pod, root, ACCOUNT);
        Map<String, String> environment = new HashMap<>();
        container
                .path("env")
                .forEach(variable -> environment.put(
                        variable.path("name").asText(), variable.path("value").asText()));
        int port = PenstockProcess.freePort();
        environment.put("KUBERNETES_SERVICE_HOST", "127.0.0.1");
        environment.put("KUBERNETES_SERVICE_PORT", String.valueOf(server.port()));
        environment.put("PENSTOCK_INJECTOR_SERVICE_ACCOUNT", account.toString());
        environment.put(
                "PENSTOCK_INJECTOR_CONFIG",
                mounted(pod, root, "/etc/penstock-injector")
                        .resolve("injector.yaml")
                        .toString());
        environment.put(
                "PENSTOCK_INJECTOR_TLS",
                mounted(pod, root, "/var/run/penstock/tls").toString());
        environment.put("PENSTOCK_INJECTOR_HOST", "127.0.0.1");
        environment.put("PENSTOCK_INJECTOR_PORT", String.valueOf(port));
        List<String> arguments = new ArrayList<>();
        container.path("args").forEach(argument -> arguments.add(argument.asText()));
        PenstockProcess process = PenstockProcess.start(environment, arguments.toArray(String[]::new));

        String ip = "10.244.0." + ++addresses;
        JsonNode webhook = named(container.path("ports"), "webhook");
        String address = ip + ":" + webhook.path("containerPort").asInt();
        tunnel.open(address, port);
        admin.merge(path("pods/" + name + "/status"), """
                        {"status": {"phase": "Running", "podIP": "%1$s", "podIPs": [{"ip": "%1$s"}], "conditions":
                        [{"type": "Ready", "status": "True"}, {"type": "ContainersReady", "status": "True"}]}}""".formatted(ip)).expect(200);
        return new Running(address, account, pod.at("/spec/serviceAccountName").asText(), process);
    }

    /** Only a node can end what was bound to it. */
    private void forget(String name) throws IOException, InterruptedException {
        ending.remove(name);
        admin.delete(path("pods/" + name + "?gracePeriodSeconds=0"));
    }

    /** Brings a volume to where the container has it, and returns that place. */
    private Path mounted(JsonNode pod, Path root, String place) throws Exception {
        String volume = StreamSupport.stream(
                        pod.at("/spec/containers/0/volumeMounts").spliterator(), false)
                .filter(mount -> mount.path("mountPath").asText().equals(place))
                .map(mount -> mount.path("name").asText())
                .findFirst()
                .orElseThrow(() -> new AssertionError("nothing is mounted at " + place));
        JsonNode source = named(pod.at("/spec/volumes"), volume);
        Path folder = Files.createDirectories(root.resolve(place.substring(1)));
        if (source.has("configMap")) {
            JsonNode data = get("configmaps/" + source.at("/configMap/name").asText());
            write(folder, "injector.yaml", data.at("/data/injector.yaml").asText());
        } else if (source.has("secret")) {
            JsonNode data = get("secrets/" + source.at("/secret/secretName").asText());
            for (JsonNode item : source.at("/secret/items")) {
                byte[] content = Base64.getDecoder()
                        .decode(data.path("data")
                                .path(item.path("key").asText())
                                .asText());
                write(folder, item.path("path").asText(), new String(content, StandardCharsets.UTF_8));
            }
        } else {
            write(folder, "token", token(pod.at("/spec/serviceAccountName").asText()));
            write(
                    folder,
                    "ca.crt",
                    get("configmaps/kube-root-ca.crt").at("/data/ca.crt").asText());
        }
        return folder;
    }

    /** A token that is good as long as a Secret is there, so that it can be taken back. */
    private String token(String account) throws Exception {
        String from = tokensFrom;
        // It goes with the namespace when that is deleted.
        if (from == null || admin.get(path("secrets/" + from)).status() == 404) {
            from = "tokens-" + System.nanoTime();
            admin.create(path("secrets"), "{\"metadata\": {\"name\": \"%s\"}}".formatted(from))
                    .expect(201);
            tokensFrom = from;
        }
        return admin.create(path("serviceaccounts/" + account + "/token"), """
                        {"spec": {"expirationSeconds": 3600, "boundObjectRef":
                        {"kind": "Secret", "apiVersion": "v1", "name": "%s"}}}""".formatted(from))
                .expect(201)
                .body()
                .at("/status/token")
                .asText();
    }

    private JsonNode get(String object) throws IOException, InterruptedException {
        return admin.get(path(object)).expect(200).body();
    }

    private String path(String rest) {
        return "/api/v1/namespaces/" + namespace + "/" + rest;
    }

    private static void write(Path folder, String name, String content) throws IOException {
        assertThat(content).as(name).isNotEmpty();
        Files.writeString(folder.resolve(name), content);
    }

    private static JsonNode named(JsonNode list, String name) {
        return StreamSupport.stream(list.spliterator(), false)
                .filter(element -> element.path("name").asText().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("there is no " + name + " in " + list));
    }
}
