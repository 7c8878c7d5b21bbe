package io.penstock.wire;

import static org.awaitility.Awaitility.await;

import io.penstock.injector.WebhookCertificate;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A real etcd, kube-apiserver and kube-controller-manager on the loopback, of the version that {@code .ci/kube-apiserver.sh}
 * built. Users: {@link #ADMIN} may everything; {@link #INJECTOR} is the injector's service account.
 */
final class KubernetesServer implements AutoCloseable {
    static final String ADMIN = "admin-token";
    static final String INJECTOR = "injector-token";
    static final String INJECTOR_USER = "system:serviceaccount:penstock-system:penstock-injector";

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Path binaries;
    private final Path dir;
    private final int etcdPort = PenstockProcess.freePort();
    private final int port = PenstockProcess.freePort();
    private final List<String> more = new ArrayList<>();
    private final List<Process> processes = new ArrayList<>();
    private Process apiServer;

    private KubernetesServer(Path binaries, Path dir, @Nullable PodTunnel tunnel) throws Exception {
        this.binaries = binaries;
        this.dir = dir;
        if (tunnel != null) {
            Files.writeString(dir.resolve("egress.yaml"), """
                    apiVersion: apiserver.k8s.io/v1beta1
                    kind: EgressSelectorConfiguration
                    egressSelections:
                      - name: cluster
                        connection:
                          proxyProtocol: HTTPConnect
                          transport:
                            tcp:
                              url: https://127.0.0.1:%1$d
                              tlsConfig: {caBundle: %2$s/tls.crt, clientCert: %2$s/tls.crt, clientKey: %2$s/tls.key}
                    """.formatted(tunnel.port(), dir));
            tunnel.certificate().write(dir);
            // With this the API server itself finds a pod's address behind a Service, as kube-proxy does elsewhere.
            more.addAll(List.of(
                    "--egress-selector-config-file=" + dir.resolve("egress.yaml"), "--enable-aggregator-routing=true"));
        }
        Files.writeString(dir.resolve("audit.yaml"), """
                apiVersion: audit.k8s.io/v1
                kind: Policy
                omitStages: [RequestReceived]
                rules: [{level: Metadata, verbs: [create], resources: [{group: "", resources: [pods]}]}]
                """);
        Files.writeString(dir.resolve("tokens.csv"), """
                %s,admin,admin,system:masters
                %s,%s,injector,"system:serviceaccounts,system:serviceaccounts:penstock-system"
                """.formatted(ADMIN, INJECTOR, INJECTOR_USER));
        try {
            Files.writeString(
                    dir.resolve("sa.key"), WebhookCertificate.make("RSA", "sa").keyPem());
        } catch (Exception e) {
            throw new IOException(e);
        }
        int peers = PenstockProcess.freePort();
        String peerUrl = "http://127.0.0.1:" + peers;
        String clientUrl = "http://127.0.0.1:" + etcdPort;
        processes.add(run(
                "etcd",
                "--data-dir=" + dir.resolve("etcd-data"),
                "--listen-client-urls=" + clientUrl,
                "--advertise-client-urls=" + clientUrl,
                "--listen-peer-urls=" + peerUrl,
                "--initial-advertise-peer-urls=" + peerUrl,
                "--initial-cluster=default=" + peerUrl,
                "--unsafe-no-fsync"));
        apiServer = startApiServer();
    }

    /** The folder of the binaries, where they were built. */
    static Optional<Path> binaries() {
        String home = System.getenv()
                .getOrDefault("PENSTOCK_CI_CACHE", System.getProperty("user.home") + "/.cache/penstock-ci");
        Path cache = Path.of(home);
        if (!Files.isDirectory(cache)) {
            return Optional.empty();
        }
        try (Stream<Path> folders = Files.list(cache)) {
            return folders.filter(folder -> folder.getFileName().toString().startsWith("kubernetes-"))
                    .filter(folder -> Stream.of("etcd", "kube-apiserver", "kube-controller-manager")
                            .allMatch(name -> Files.isExecutable(folder.resolve(name))))
                    .max(Path::compareTo);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static KubernetesServer start(Path binaries) throws Exception {
        return start(binaries, null);
    }

    /** @param tunnel takes the API server's connections to pods */
    static KubernetesServer start(Path binaries, @Nullable PodTunnel tunnel) throws Exception {
        KubernetesServer server = new KubernetesServer(binaries, Files.createTempDirectory("penstock-kube"), tunnel);
        try {
            server.awaitReady();
            server.startControllerManager();
            return server;
        } catch (Throwable e) {
            server.close();
            throw e;
        }
    }

    /** Ends the API server as a crash does, and starts it again at the same place. */
    void restartApiServer() throws IOException, InterruptedException {
        apiServer.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
        apiServer = startApiServer();
        awaitReady();
    }

    int port() {
        return port;
    }

    /** The certificate that the API server made for itself. */
    Path certificate() {
        return dir.resolve("certs/apiserver.crt");
    }

    /** Where kubectl and Helm find the server, as {@link #ADMIN}. */
    Path kubeconfig() {
        return dir.resolve("kubeconfig");
    }

    /** An empty folder, which goes with the server. */
    Path folder() throws IOException {
        return Files.createTempDirectory(dir, "folder");
    }

    /** Every pod that somebody wanted to create, a line each, with what webhooks noted about it. */
    List<String> auditLog() throws IOException {
        return Files.readAllLines(dir.resolve("audit.log"));
    }

    /** A folder as it is mounted into pods, with the injector's token. */
    Path serviceAccount() throws IOException {
        Path account = Files.createDirectories(dir.resolve("account"));
        Files.writeString(account.resolve("token"), INJECTOR);
        Files.copy(certificate(), account.resolve("ca.crt"), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        return account;
    }

    @Override
    public void close() {
        apiServer.destroyForcibly();
        processes.forEach(Process::destroyForcibly);
        try {
            for (Process process : processes) {
                process.waitFor(10, TimeUnit.SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        try (Stream<Path> files = Files.walk(dir)) {
            files.sorted((a, b) -> b.compareTo(a)).forEach(file -> file.toFile().delete());
        } catch (IOException | UncheckedIOException e) {
            System.err.println("could not remove " + dir + ": " + e.getMessage());
        }
    }

    private Process startApiServer() throws IOException {
        List<String> arguments = new ArrayList<>(List.of(
                "--audit-policy-file=" + dir.resolve("audit.yaml"),
                "--audit-log-path=" + dir.resolve("audit.log"),
                "--etcd-servers=http://127.0.0.1:" + etcdPort,
                "--bind-address=127.0.0.1",
                "--advertise-address=127.0.0.1",
                "--secure-port=" + port,
                "--cert-dir=" + dir.resolve("certs"),
                "--token-auth-file=" + dir.resolve("tokens.csv"),
                "--authorization-mode=RBAC",
                "--service-account-issuer=https://kubernetes.default.svc",
                "--service-account-key-file=" + dir.resolve("sa.key"),
                "--service-account-signing-key-file=" + dir.resolve("sa.key"),
                "--service-cluster-ip-range=10.96.0.0/16",
                "--allow-privileged=true",
                "--endpoint-reconciler-type=none"));
        arguments.addAll(more);
        return run("kube-apiserver", arguments.toArray(String[]::new));
    }

    private void startControllerManager() throws IOException {
        Files.writeString(kubeconfig(), """
                apiVersion: v1
                kind: Config
                clusters: [{name: c, cluster: {server: "https://127.0.0.1:%d", certificate-authority: "%s"}}]
                users: [{name: u, user: {token: %s}}]
                contexts: [{name: x, context: {cluster: c, user: u}}]
                current-context: x
                """.formatted(port, certificate(), ADMIN));
        processes.add(run(
                "kube-controller-manager",
                "--kubeconfig=" + kubeconfig(),
                "--service-account-private-key-file=" + dir.resolve("sa.key"),
                "--root-ca-file=" + certificate(),
                // No node here reports, and none is to be taken for lost because of that.
                "--controllers=*,-node-lifecycle-controller",
                "--leader-elect=false",
                "--bind-address=127.0.0.1",
                "--secure-port=" + PenstockProcess.freePort(),
                "--cert-dir=" + dir.resolve("kcm")));
    }

    private void awaitReady() throws IOException {
        await("the API server")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(250))
                .ignoreExceptionsInstanceOf(IOException.class)
                .until(() -> {
                    if (!apiServer.isAlive()) {
                        throw new AssertionError(
                                "the API server ended: " + Files.readString(dir.resolve("kube-apiserver.log")));
                    }
                    return new Cluster(this, ADMIN).get("/readyz").status() == 200;
                });
    }

    private Process run(String name, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(binaries.resolve(name).toString()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .directory(dir.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        dir.resolve(name + ".log").toFile()))
                .start();
    }
}
