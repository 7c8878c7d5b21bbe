package io.penstock.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A real node of a {@link KubernetesServer}: kubelet, containerd and runc, with the pods' bridge, in a network namespace. What
 * pods log and where a container's process is, it says itself. Needs root and what {@code .ci/kubelet.sh} gets.
 */
final class KubernetesNode implements AutoCloseable {
    static final String NAME = "node1";
    static final String PAUSE = "localhost/pause:1";

    private static final String ADDRESS = "10.231.77.2";
    private static final Path CNI = Path.of("/usr/lib/cni");
    /** What a kubelet changes in the kernel, which others use too. */
    private static final List<Path> KERNEL = Stream.of("vm/overcommit_memory", "kernel/panic", "kernel/panic_on_oops")
            .map(Path.of("/proc/sys")::resolve)
            .toList();

    private final Path dir = Files.createTempDirectory("pn");
    private final Path socket = dir.resolve("c.sock");
    private final Map<Path, String> kernel;
    private final PodNetwork network;
    private final Balancer toServer;
    private final List<Process> processes = new ArrayList<>();

    /** Why there can be none here, or empty. */
    static Optional<String> obstacle() throws IOException, InterruptedException {
        Optional<String> network = PodNetwork.obstacle();
        if (network.isPresent()) {
            return network;
        }
        if (KubernetesServer.binaries().filter(KubernetesNode::hasKubelet).isEmpty()) {
            return Optional.of("no kubelet here; .ci/kubelet.sh builds one");
        }
        for (String program :
                List.of("containerd", "ctr", "runc", "buildah", "nft", "iptables", "nsenter", "busybox")) {
            if (PodNetwork.onPath(program).isEmpty()) {
                return Optional.of("there is no " + program + " here; .ci/kubelet.sh installs it");
            }
        }
        return Files.isExecutable(CNI.resolve("bridge"))
                ? Optional.empty()
                : Optional.of("there are no CNI plugins here; .ci/kubelet.sh installs them");
    }

    private static boolean hasKubelet(Path binaries) {
        return Files.isExecutable(binaries.resolve("kubelet"));
    }

    /** Starts containerd; {@link #join} starts the kubelet, when the images are there. */
    KubernetesNode(KubernetesServer server) throws Exception {
        kernel = KERNEL.stream().collect(Collectors.toMap(file -> file, KubernetesNode::read));
        network = new PodNetwork("");
        toServer = new Balancer(PodNetwork.WORLD, 0, List.of(server.port()));
        Files.createDirectories(dir.resolve("net"));
        Files.writeString(dir.resolve("net/pods.conflist"), """
                {"cniVersion": "0.4.0", "name": "pods", "plugins": [
                  {"type": "bridge", "bridge": "pods0", "isGateway": true, "ipMasq": true, "ipam":
                    {"type": "host-local", "dataDir": "%s", "ranges": [[{"subnet": "10.231.78.0/24"}]], "routes": [{"dst": "0.0.0.0/0"}]}}]}
                """.formatted(dir.resolve("ipam")));
        Files.writeString(dir.resolve("containerd.toml"), """
                version = 2
                root = "%1$s/root"
                state = "%1$s/state"
                oom_score = 0
                [grpc]
                  address = "%2$s"
                [plugins."io.containerd.grpc.v1.cri"]
                  sandbox_image = "%3$s"
                  restrict_oom_score_adj = true
                  disable_apparmor = true
                  stream_server_address = "127.0.0.1"
                  [plugins."io.containerd.grpc.v1.cri".cni]
                    bin_dir = "%4$s"
                    conf_dir = "%1$s/net"
                  [plugins."io.containerd.grpc.v1.cri".containerd]
                    snapshotter = "native"
                    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
                      runtime_type = "io.containerd.runc.v2"
                """.formatted(dir, socket, PAUSE, CNI));
        run(
                "containerd",
                "containerd",
                "--config",
                dir.resolve("containerd.toml").toString());
        await("containerd")
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(200))
                .until(() -> ctr("version").exitCode() == 0);
    }

    /** Takes an image that {@code buildah push docker-archive:} wrote. */
    void load(Path archive) throws IOException, InterruptedException {
        Output output = ctr("images", "import", "--snapshotter=native", archive.toString());
        assertThat(output.exitCode()).as(output.text()).isZero();
    }

    void join(KubernetesServer server, Cluster admin) throws IOException {
        Files.writeString(dir.resolve("kubeconfig"), """
                apiVersion: v1
                kind: Config
                clusters: [{name: c, cluster: {server: "https://%s:%d", tls-server-name: 127.0.0.1, certificate-authority: "%s"}}]
                users: [{name: u, user: {token: %s}}]
                contexts: [{name: x, context: {cluster: c, user: u}}]
                current-context: x
                """.formatted(
                        PodNetwork.WORLD, toServer.port(), server.certificate(), KubernetesServer.ADMIN));
        Files.writeString(dir.resolve("kubelet.yaml"), """
                apiVersion: kubelet.config.k8s.io/v1beta1
                kind: KubeletConfiguration
                address: %1$s
                authentication: {anonymous: {enabled: true}, webhook: {enabled: false}}
                authorization: {mode: AlwaysAllow}
                cgroupDriver: cgroupfs
                cgroupsPerQOS: false
                containerRuntimeEndpoint: unix://%2$s
                enforceNodeAllocatable: []
                evictionHard: {memory.available: 10Mi, nodefs.available: 1%%, imagefs.available: 1%%}
                failSwapOn: false
                failCgroupV1: false
                imageGCHighThresholdPercent: 100
                oomScoreAdj: 0
                podLogsDir: %3$s/logs
                resolvConf: ""
                syncFrequency: 10s
                """.formatted(ADDRESS, socket, dir));
        run(
                "kubelet",
                KubernetesServer.binaries().orElseThrow().resolve("kubelet").toString(),
                "--config=" + dir.resolve("kubelet.yaml"),
                "--kubeconfig=" + dir.resolve("kubeconfig"),
                "--root-dir=" + dir.resolve("kubelet"),
                "--cert-dir=" + dir.resolve("kl"),
                "--node-ip=" + ADDRESS,
                "--hostname-override=" + NAME);
        await("the node")
                .atMost(Duration.ofMinutes(2))
                .pollInterval(Duration.ofMillis(500))
                .untilAsserted(() -> assertThat(admin.get("/api/v1/nodes/" + NAME)
                                .body()
                                .at("/status/conditions")
                                .findParents("type"))
                        .as(() -> log("kubelet"))
                        .anyMatch(condition -> condition.path("type").asText().equals("Ready")
                                && condition.path("status").asText().equals("True")));
    }

    /** What a container's runs wrote, one after the other; empty before it starts. */
    String log(String namespace, String pod, String container) throws IOException {
        Path logs = dir.resolve("logs");
        if (!Files.isDirectory(logs)) {
            return "";
        }
        try (Stream<Path> files = Files.walk(logs)) {
            StringBuilder text = new StringBuilder();
            for (Path file : files.filter(Files::isRegularFile)
                    .filter(file -> logs.relativize(file).toString().startsWith(namespace + "_" + pod + "_"))
                    .filter(file -> file.getParent().getFileName().toString().equals(container))
                    .sorted()
                    .toList()) {
                for (String line : Files.readAllLines(file)) {
                    // Time, stream, and whether the line is whole come first.
                    String[] parts = line.split(" ", 4);
                    text.append(parts.length < 4 ? "" : parts[3]).append(parts[2].equals("P") ? "" : "\n");
                }
            }
            return text.toString();
        }
    }

    /** Ends a container's process as a crash does. */
    void kill(String containerId) throws IOException, InterruptedException {
        Output output = ctr("tasks", "kill", "--signal", "SIGKILL", containerId.replace("containerd://", ""));
        assertThat(output.exitCode()).as(output.text()).isZero();
    }

    /** The last that a part of the node said. */
    String log(String part) {
        try {
            List<String> lines = Files.readAllLines(dir.resolve(part + ".log"));
            return String.join("\n", lines.subList(Math.max(0, lines.size() - 40), lines.size()));
        } catch (IOException e) {
            return e.toString();
        }
    }

    @Override
    public void close() throws IOException {
        try {
            leave();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            toServer.close();
            network.close();
        }
    }

    private void leave() throws IOException, InterruptedException {
        // The kubelet first, else it starts anew what is ended here.
        if (processes.size() > 1) {
            end(processes.get(1));
        }
        for (String task : ctr("tasks", "list", "-q").text().lines().toList()) {
            ctr("tasks", "delete", "--force", task);
            ctr("containers", "delete", task);
        }
        end(processes.get(0));
        List<String> mounts = Files.readAllLines(Path.of("/proc/self/mounts")).stream()
                .map(line -> line.split(" ", -1)[1])
                .filter(mount -> mount.startsWith(dir + "/"))
                .sorted(Comparator.reverseOrder())
                .toList();
        for (String mount : mounts) {
            output("umount", "--lazy", mount);
        }
        for (Map.Entry<Path, String> entry : kernel.entrySet()) {
            Files.writeString(entry.getKey(), entry.getValue());
        }
        output("rm", "-rf", "--one-file-system", dir.toString());
    }

    private static void end(Process process) throws InterruptedException {
        process.destroy();
        if (!process.waitFor(20, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
    }

    /** In the node's network, and in nothing else of it: a kubelet needs this machine's control groups. */
    private void run(String name, String... command) throws IOException {
        List<String> inside = new ArrayList<>(List.of("nsenter", "--net=" + network.file()));
        inside.addAll(List.of(command));
        processes.add(new ProcessBuilder(inside)
                .redirectErrorStream(true)
                .redirectOutput(dir.resolve(name + ".log").toFile())
                .start());
    }

    record Output(int exitCode, String text) {}

    private Output ctr(String... arguments) throws IOException, InterruptedException {
        return output(Stream.concat(
                        Stream.of("ctr", "--address", socket.toString(), "--namespace", "k8s.io"), Stream.of(arguments))
                .toArray(String[]::new));
    }

    private static Output output(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Output(process.waitFor(), text);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
