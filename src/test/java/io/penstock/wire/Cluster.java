package io.penstock.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** What a user does to a cluster, in the words of its API. */
final class Cluster {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http;
    private final String server;
    private final String token;

    /** An answer of the API server. */
    record Answer(int status, JsonNode body, List<String> warnings) {
        Answer expect(int... statuses) {
            assertThat(statuses).as(() -> body.toString()).contains(status);
            return this;
        }
    }

    Cluster(KubernetesServer server, String token) throws IOException {
        this.server = "https://127.0.0.1:" + server.port();
        this.token = token;
        this.http = HttpClient.newBuilder()
                .sslContext(trusting(server))
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(5))
                .build();
    }

    Answer get(String path) throws IOException, InterruptedException {
        return send("GET", path, "application/json", null);
    }

    Answer create(String path, String manifest) throws IOException, InterruptedException {
        return send("POST", path, "application/json", manifest);
    }

    /** Merges into an object: null removes. */
    Answer merge(String path, String patch) throws IOException, InterruptedException {
        return send("PATCH", path, "application/merge-patch+json", patch);
    }

    Answer delete(String path) throws IOException, InterruptedException {
        return send("DELETE", path, "application/json", null);
    }

    private Answer send(String method, String path, String type, String body) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(server + path))
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", type)
                .timeout(Duration.ofSeconds(30))
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                .build();
        HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
        boolean json = response.headers().firstValue("content-type").orElse("").startsWith("application/json");
        return new Answer(
                response.statusCode(),
                json ? JSON.readTree(response.body()) : JSON.getNodeFactory().textNode(response.body()),
                response.headers().allValues("warning"));
    }

    private static SSLContext trusting(KubernetesServer server) throws IOException {
        try (InputStream certificate = Files.newInputStream(server.certificate())) {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            int count = 0;
            for (var each : CertificateFactory.getInstance("X.509").generateCertificates(certificate)) {
                store.setCertificateEntry("c" + count++, each);
            }
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }
}
