package io.penstock.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.penstock.injector.WebhookCertificate;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The webhook as an API server meets it: TLS, two replicas, certificates that are replaced while it serves. */
class InjectorIT {
    private static final String SETTINGS = "sidecar: {image: penstock, native: always}\n";
    private static final String REVIEW = """
            {"kind": "AdmissionReview", "apiVersion": "admission.k8s.io/v1", "request": {"uid": "u-1", "namespace": "shop",
            "kind": {"group": "", "version": "v1", "kind": "Pod"}, "operation": "CREATE", "dryRun": true, "object":
            {"kind": "Pod", "apiVersion": "v1", "metadata": {"generateName": "web-", "labels": {"penstock.io/inject": "true"}},
            "spec": {"containers": [{"name": "app", "image": "shop:1"}]}}}}""";
    private static final int REQUESTS = 1_000;
    private static final int ROTATIONS = 4;
    private static final int ROUNDS = 5;
    private static final long LIMIT = 50;

    private static final List<WebhookCertificate> CERTIFICATES = new ArrayList<>();

    @SuppressWarnings("NullAway.Init")
    private static InjectorReplicas injectors;

    @BeforeAll
    static void start() throws Exception {
        for (int i = 0; i <= ROTATIONS; i++) {
            // RSA as Helm makes it, EC as cert-manager may.
            CERTIFICATES.add(WebhookCertificate.make(i % 2 == 0 ? "RSA" : "EC", "localhost"));
        }
        injectors = new InjectorReplicas(2, SETTINGS, CERTIFICATES.get(0), Map.of());
    }

    @AfterAll
    static void stop() {
        injectors.close();
    }

    @Test
    void answersAThousandRequestsFastWhileCertificatesAreReplaced() throws Exception {
        SSLContext trust = trusting();
        ask(trust, "POST", 200, () -> {});
        List<Long> p99s = new ArrayList<>();
        List<Long> idles = new ArrayList<>();
        // No request may fail in any round. How long they take is up to what else the machine does: a good round of
        // five will
        // do, and where there is none, exchanges without a decision tell whether the machine could have done it.
        while (p99s.size() < ROUNDS && p99s.stream().noneMatch(millis -> millis < LIMIT)) {
            AtomicInteger asked = new AtomicInteger();
            p99s.add(p99(ask(trust, "POST", REQUESTS, () -> {
                int number = asked.incrementAndGet();
                if (number % (REQUESTS / ROTATIONS) == 0) {
                    injectors.mount(CERTIFICATES.get(number / (REQUESTS / ROTATIONS)));
                }
            })));
            idles.add(p99(ask(trust, "GET", REQUESTS, () -> {})));
        }

        System.out.printf(
                "p99 of %d admission requests, ms: %s; of as many exchanges without a decision: %s%n",
                REQUESTS, p99s, idles);
        boolean fast = p99s.stream().anyMatch(millis -> millis < LIMIT);
        assumeTrue(
                fast || idles.stream().allMatch(millis -> millis >= LIMIT / 2), "this machine is too busy to measure");
        assertThat(fast).as("one of %s under %d ms", p99s, LIMIT).isTrue();
    }

    @Test
    void servesNewConnectionsWithTheNewCertificate() throws Exception {
        Certificate newest = CERTIFICATES.get(2).certificate();

        injectors.mount(CERTIFICATES.get(2));

        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            // With a new context, because one that has been connected resumes its session with the certificate of then.
            SSLContext trust = trusting();
            for (int port : injectors.ports()) {
                try (SSLSocket socket = (SSLSocket) trust.getSocketFactory().createSocket("127.0.0.1", port)) {
                    socket.startHandshake();
                    assertThat(socket.getSession().getPeerCertificates()[0]).isEqualTo(newest);
                }
            }
        });
    }

    @Test
    void saysWhatIsWrongWithARequest() throws Exception {
        SSLContext trust = trusting();
        HttpClient http = HttpClient.newBuilder().sslContext(trust).build();

        assertThat(send(http, 0, "POST", "/inject", "{").statusCode()).isEqualTo(400);
        assertThat(send(http, 0, "POST", "/inject", "{\"kind\":\"Pod\"}").body())
                .contains("is no AdmissionReview");
        assertThat(send(http, 0, "POST", "/inject", REVIEW.replace("k8s.io/v1", "k8s.io/v1beta1"))
                        .body())
                .contains("apiVersion must be admission.k8s.io/v1");
        assertThat(send(http, 0, "GET", "/inject", "").statusCode()).isEqualTo(405);
        assertThat(send(http, 0, "POST", "/", REVIEW).statusCode()).isEqualTo(404);
        assertThat(send(http, 0, "POST", "/inject", " ".repeat(4 << 20)).statusCode())
                .isEqualTo(413);
        assertThat(send(http, 0, "POST", "/inject", REVIEW).statusCode()).isEqualTo(200);
    }

    @Test
    void servesNothingOfTheGateway() throws Exception {
        PenstockProcess injector = injectors.processes().get(0);

        assertThat(injector.getManagement("/metrics").body())
                .contains("penstock_injections_total{result=\"host_network\",} 0.0")
                .doesNotContain("penstock_interceptions_total");
        assertThat(injector.getManagement("/health/ready").body())
                .contains("\"penstock-injector\"")
                .doesNotContain("penstock-ready", "policy");
        assertThat(injector.getManagement("/health/started").body())
                .contains("\"UP\"")
                .doesNotContain("policy");
        org.junit.jupiter.api.Assertions.assertThrows(
                IOException.class, () -> new Socket(InetAddress.getLoopbackAddress(), injector.port()).close());
    }

    @Test
    void printsEveryProblemOfItsSettingsAndDoesNotStart() throws Exception {
        Path file = Files.createTempFile("injector", ".yaml");
        Files.writeString(file, "sidecar: {imag: penstock}\ninterception: proxy\n");

        PenstockProcess.Run run = PenstockProcess.run(Map.of("PENSTOCK_INJECTOR_CONFIG", file.toString()), "injector");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.text())
                .contains("did you mean 'image'?", "sidecar.image", "interception", "3 errors")
                .doesNotContain("Exception");
        Files.delete(file);
    }

    @Test
    void goesOnServingForAWhileWhenItIsToldToStop() throws Exception {
        try (InjectorReplicas one =
                new InjectorReplicas(1, SETTINGS, CERTIFICATES.get(0), Map.of("PENSTOCK_INJECTOR_DRAIN", "15s"))) {
            HttpClient http = HttpClient.newBuilder().sslContext(trusting()).build();
            PenstockProcess process = one.processes().get(0);
            ProcessHandle.of(process.pid()).orElseThrow().destroy();

            await().atMost(Duration.ofSeconds(10))
                    .pollInterval(Duration.ofMillis(20))
                    .until(() -> !ready(process));
            assertThat(send(http, one.ports().get(0), "POST", "/inject", REVIEW).statusCode())
                    .isEqualTo(200);
            assertThat(process.stop()).isIn(0, 143);
        }
    }

    /** Sends so many requests from two clients at once, some on new connections, and returns how long each took, sorted. */
    private static List<Long> ask(SSLContext trust, String method, int requests, ThrowingRunnable before)
            throws Exception {
        ExecutorService clients = Executors.newFixedThreadPool(2);
        try {
            List<Callable<Long>> calls = new ArrayList<>();
            // With HTTP/2 the JDK's client waits out a delayed acknowledgement (40 ms) now and then; curl's does not.
            ThreadLocal<HttpClient> kept = ThreadLocal.withInitial(() -> HttpClient.newBuilder()
                    .sslContext(trust)
                    .version(HttpClient.Version.HTTP_1_1)
                    .build());
            for (int i = 0; i < requests; i++) {
                int number = i;
                calls.add(() -> {
                    before.run();
                    if (number % 200 == 0) {
                        // A new client makes new connections, as an API server does now and then.
                        kept.remove();
                    }
                    HttpClient http = kept.get();
                    long began = System.nanoTime();
                    HttpResponse<String> answer =
                            send(http, injectors.ports().get(number % 2), method, "/inject", REVIEW);
                    if (method.equals("POST")) {
                        assertThat(answer.statusCode()).isEqualTo(200);
                        assertThat(answer.body()).contains("\"allowed\":true", "\"patchType\":\"JSONPatch\"");
                    }
                    return Duration.ofNanos(System.nanoTime() - began).toMillis();
                });
            }
            List<Long> millis = new ArrayList<>();
            for (Future<Long> call : clients.invokeAll(calls)) {
                millis.add(call.get());
            }
            return millis.stream().sorted().toList();
        } finally {
            clients.shutdownNow();
        }
    }

    private static long p99(List<Long> sorted) {
        return sorted.get(sorted.size() * 99 / 100 - 1);
    }

    private static boolean ready(PenstockProcess process) throws InterruptedException {
        try {
            return process.getManagement("/health/ready").statusCode() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    private interface ThrowingRunnable {
        void run() throws Exception;
    }

    /** @param port zero stands for the first replica's */
    private static HttpResponse<String> send(HttpClient http, int port, String method, String path, String body)
            throws IOException, InterruptedException {
        int to = port == 0 ? injectors.ports().get(0) : port;
        return http.send(
                HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + to + path))
                        .timeout(Duration.ofSeconds(20))
                        .method(method, BodyPublishers.ofString(body, StandardCharsets.UTF_8))
                        .build(),
                BodyHandlers.ofString());
    }

    private static SSLContext trusting() throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        for (WebhookCertificate certificate : CERTIFICATES) {
            store.setCertificateEntry("c" + store.size(), certificate.certificate());
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }
}
