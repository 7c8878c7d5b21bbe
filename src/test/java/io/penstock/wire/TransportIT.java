package io.penstock.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.simulator.Simulator;
import io.penstock.upstream.TestCertificate;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the packaged program speaks on either side: TLS with a private authority, HTTP/2 and HTTP/1.1, host names. */
class TransportIT {
    private static final String BODY = "{\"model\":\"gpt-5\",\"messages\":[]}";
    private static final String STREAM = "{\"model\":\"gpt-5\",\"stream\":true,\"messages\":[]}";
    private static final String UPSTREAM =
            "  - {name: %1$s, url: \"%2$s\", dialect: openai, retry: {attempts: 0}, circuit: {window: 1000}%3$s}\n";

    private static Vertx vertx;
    private static Simulator both;
    private static Simulator http1;
    private static Simulator clear;
    private static PenstockProcess penstock;

    @BeforeAll
    static void start(@TempDir Path directory) throws Exception {
        vertx = Vertx.vertx();
        TestCertificate certificate = TestCertificate.of(directory, "dns:localhost");
        both = Simulator.start(vertx, Simulator.Options.CLEAR.withCertificate(certificate.identity()));
        http1 = Simulator.start(
                vertx,
                Simulator.Options.CLEAR.withCertificate(certificate.identity()).withoutHttp2());
        clear = Simulator.start(vertx);
        String trusting = ", tls: {ca: \"" + certificate.pem() + "\"}";
        StringBuilder policy = new StringBuilder("routes:\n");
        for (String name : List.of("trusted", "older", "untrusted", "misnamed", "nameless", "h2c")) {
            policy.append("  - {name: %1$s, dialect: openai, upstreams: [{name: %1$s}]}\n".formatted(name));
        }
        policy.append("upstreams:\n")
                .append(UPSTREAM.formatted("trusted", "https://localhost:" + both.port(), trusting))
                .append(UPSTREAM.formatted("older", "https://localhost:" + http1.port(), trusting))
                .append(UPSTREAM.formatted("untrusted", "https://localhost:" + both.port(), ""))
                .append(UPSTREAM.formatted("misnamed", "https://127.0.0.1:" + both.port(), trusting))
                .append(UPSTREAM.formatted("nameless", "https://no-such-host.invalid", trusting))
                .append(UPSTREAM.formatted("h2c", "http://localhost:" + clear.port(), ", http: http2"));
        penstock = PenstockProcess.serve(Files.writeString(directory.resolve("penstock.yaml"), policy));
    }

    @AfterAll
    static void stop() {
        penstock.close();
        both.close();
        http1.close();
        clear.close();
        vertx.close();
    }

    @AfterEach
    void forget() {
        both.forget();
        http1.forget();
        clear.forget();
    }

    @Test
    void speaksHttp2ToAProviderOfAPrivateAuthority() throws IOException {
        assertThat(ask("trusted", BODY).status()).isEqualTo(200);
        assertThat(both.exchanges()).singleElement().satisfies(exchange -> {
            assertThat(exchange.version()).isEqualTo(HttpVersion.HTTP_2);
            assertThat(exchange.bodyText()).isEqualTo(BODY);
        });
    }

    @Test
    void streamsOverHttp2ByteForByte() throws IOException {
        RawAnswer answer = ask("trusted", STREAM);

        assertThat(answer.text()).endsWith("data: [DONE]\n\n");
        assertThat(answer.body()).isEqualTo(both.exchanges().get(0).sent());
    }

    @Test
    void speaksHttp11ToAProviderThatKnowsNoBetter() throws IOException {
        assertThat(ask("older", BODY).status()).isEqualTo(200);
        assertThat(http1.exchanges()).singleElement().satisfies(exchange -> assertThat(exchange.version())
                .isEqualTo(HttpVersion.HTTP_1_1));
    }

    @Test
    void speaksHttp2WithoutTlsWhereThePolicySaysSo() throws IOException {
        assertThat(ask("h2c", BODY).status()).isEqualTo(200);
        assertThat(clear.exchanges()).singleElement().satisfies(exchange -> assertThat(exchange.version())
                .isEqualTo(HttpVersion.HTTP_2));
    }

    @Test
    void doesNotTrustAnAuthorityThatNobodyNamed() throws IOException {
        assertRefused(ask("untrusted", BODY), "tls");
    }

    @Test
    void doesNotTrustACertificateForAnotherName() throws IOException {
        assertRefused(ask("misnamed", BODY), "tls");
    }

    /** RFC 6761 §6.4: no name under "invalid" ever resolves. */
    @Test
    void tellsANameThatDoesNotResolveFromAConnectionThatFails() throws IOException {
        assertRefused(ask("nameless", BODY), "dns");
    }

    @Test
    void carriesABodyOfManyMebibytes() throws IOException {
        String large = "{\"model\":\"gpt-5\",\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}"
                .formatted("x".repeat(20 << 20));

        assertThat(ask("trusted", large).status()).isEqualTo(200);
        assertThat(both.exchanges().get(0).body()).hasSize(large.length());
    }

    @Test
    void servesAnApplicationThatSpeaksHttp2() throws Exception {
        HttpClientOptions http2 =
                new HttpClientOptions().setProtocolVersion(HttpVersion.HTTP_2).setHttp2ClearTextUpgrade(false);
        Future<Buffer> answer = vertx.createHttpClient(http2)
                .request(HttpMethod.POST, penstock.port(), "127.0.0.1", "/trusted/v1/chat/completions")
                .compose(request -> request.send(STREAM))
                .compose(HttpClientResponse::body);

        byte[] body = answer.toCompletionStage()
                .toCompletableFuture()
                .get(20, TimeUnit.SECONDS)
                .getBytes();

        assertThat(body).isEqualTo(both.exchanges().get(0).sent());
    }

    private static RawAnswer ask(String route, String body) throws IOException {
        try (RawClient client = penstock.connect()) {
            return client.post("/" + route + "/v1/chat/completions", body).read();
        }
    }

    private static void assertRefused(RawAnswer answer, String signal) {
        assertThat(answer.status()).isEqualTo(502);
        assertThat(answer.header("x-penstock-category")).isEqualTo("network_error");
        assertThat(new Admin(penstock)
                        .recordOf(answer)
                        .path("attempts")
                        .path(0)
                        .path("evidence")
                        .asText())
                .isEqualTo("signal:signal=" + signal);
        assertThat(both.exchanges()).isEmpty();
    }
}
