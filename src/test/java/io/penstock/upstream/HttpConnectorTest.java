package io.penstock.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.penstock.classify.Signal;
import io.penstock.dialect.Dialect;
import io.penstock.policy.UpstreamPolicy.CredentialsPolicy;
import io.penstock.policy.UpstreamPolicy.HttpVersion;
import io.penstock.simulator.Ending;
import io.penstock.simulator.Exchange;
import io.penstock.simulator.Headers;
import io.penstock.simulator.Script;
import io.penstock.simulator.Simulator;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class HttpConnectorTest {
    private static final CredentialsPolicy OWN_KEYS = new CredentialsPolicy.Keys(List.of());
    private static final ApiKey KEY = new ApiKey("sk-0123456789abcdefwxyz");

    private static ConnectorRig rig;
    private static TestCertificate certificate;

    @BeforeAll
    static void start(@TempDir Path dir) throws Exception {
        rig = new ConnectorRig();
        certificate = TestCertificate.of(dir, "ip:127.0.0.1");
    }

    @AfterAll
    static void stop() {
        rig.close();
    }

    @ParameterizedTest
    @CsvSource({
        "true, AUTO, HTTP_2",
        "true, HTTP_1_1, HTTP_1_1",
        "true, HTTP_2, HTTP_2",
        "false, AUTO, HTTP_1_1",
        "false, HTTP_1_1, HTTP_1_1",
    })
    void trustsThePrivateAuthorityAndAgreesOnAProtocol(
            boolean http2, HttpVersion wanted, io.vertx.core.http.HttpVersion spoken) throws Exception {
        Simulator.Options options = Simulator.Options.CLEAR.withCertificate(certificate.identity());
        try (Simulator simulator = Simulator.start(rig.vertx, http2 ? options : options.withoutHttp2())) {
            TestPolicy policy =
                    TestPolicy.of(simulator.baseUrl()).ca(certificate.pem()).httpVersion(wanted);

            assertThat(rig.sent(rig.connector(policy.upstream()), ConnectorRig.post())
                            .status())
                    .isEqualTo(200);

            assertThat(simulator.exchanges()).extracting(Exchange::version).containsExactly(spoken);
        }
    }

    @ParameterizedTest
    @EnumSource(HttpVersion.class)
    void speaksInTheClear(HttpVersion wanted) throws Exception {
        try (Simulator simulator = Simulator.start(rig.vertx)) {
            Connector connector = rig.connector(
                    TestPolicy.of(simulator.baseUrl()).httpVersion(wanted).upstream());

            rig.sent(connector, ConnectorRig.post());

            assertThat(simulator.exchanges())
                    .extracting(Exchange::version)
                    .containsExactly(
                            wanted == HttpVersion.HTTP_2
                                    ? io.vertx.core.http.HttpVersion.HTTP_2
                                    : io.vertx.core.http.HttpVersion.HTTP_1_1);
        }
    }

    @Test
    void passesTheApplicationsCredentialThrough() throws Exception {
        Exchange seen = seen(TestPolicy.of("x"), app(), null);

        assertThat(seen.headers().all("authorization")).containsExactly("Bearer app");
        assertThat(seen.headers().all("x-api-key")).containsExactly("app");
    }

    @Test
    void replacesTheApplicationsCredentialByItsOwn() throws Exception {
        Exchange seen = seen(TestPolicy.of("x").credentials(OWN_KEYS).dialect(Dialect.ANTHROPIC), app(), KEY);

        assertThat(seen.headers().all("authorization")).isEmpty();
        assertThat(seen.headers().all("x-api-key")).containsExactly("sk-0123456789abcdefwxyz");
    }

    @Test
    void takesTheApplicationsCredentialOffWhereNoneIsWanted() throws Exception {
        Exchange seen = seen(TestPolicy.of("x").credentials(new CredentialsPolicy.None()), app(), null);

        assertThat(seen.headers().all("authorization")).isEmpty();
        assertThat(seen.headers().all("x-api-key")).isEmpty();
    }

    @Test
    void leavesTheRequestAsItWasForTheNextAttempt() throws Exception {
        MultiMap headers = app();

        seen(TestPolicy.of("x").credentials(OWN_KEYS), headers, KEY);

        assertThat(headers.get("authorization")).isEqualTo("Bearer app");
    }

    @Test
    void addsTheBasePathAndKeepsThePathRaw() throws Exception {
        try (Simulator simulator = Simulator.start(rig.vertx)) {
            Connector connector =
                    rig.connector(TestPolicy.of(simulator.baseUrl() + "/base/").upstream());

            rig.sent(
                    connector,
                    new UpstreamRequest(
                            HttpMethod.POST,
                            "/v1/chat/completions?q=%2F%20+&a=b?c",
                            HttpHeaders.headers(),
                            Buffer.buffer("{}"),
                            null,
                            Duration.ofSeconds(5)));

            assertThat(simulator.exchanges().get(0).uri()).isEqualTo("/base/v1/chat/completions?q=%2F%20+&a=b?c");
        }
    }

    @ParameterizedTest
    @CsvSource({"GET, ''", "DELETE, ''", "POST, 0", "PUT, 0"})
    void announcesAnEmptyBodyOnlyWhereTheMethodExpectsOne(String method, String length) throws Exception {
        try (Simulator simulator = Simulator.start(rig.vertx)) {
            rig.sent(
                    rig.connector(TestPolicy.of(simulator.baseUrl()).upstream()),
                    new UpstreamRequest(
                            HttpMethod.valueOf(method),
                            "/v1/models",
                            HttpHeaders.headers(),
                            Buffer.buffer(),
                            null,
                            Duration.ofSeconds(5)));

            Headers headers = simulator.exchanges().get(0).headers();
            assertThat(headers.first("content-length").orElse("")).isEqualTo(length);
            assertThat(headers.all("transfer-encoding")).isEmpty();
        }
    }

    @Test
    void keepsToTheLimitsOfThePool() throws Exception {
        try (Simulator simulator = Simulator.start(rig.vertx)) {
            simulator.always(Script.begin().hang());
            Connector connector = rig.connector(
                    TestPolicy.of(simulator.baseUrl()).limits(2, 1).upstream());
            CompletableFuture<?> first = rig.send(connector, ConnectorRig.post());
            CompletableFuture<?> second = rig.send(connector, ConnectorRig.post());
            await().atMost(Duration.ofSeconds(5)).until(() -> simulator.openExchanges() == 2);

            CompletableFuture<?> waiting = rig.send(connector, ConnectorRig.post());
            CompletableFuture<?> refused = rig.send(connector, ConnectorRig.post());

            assertThat(CompletableFuture.anyOf(waiting, refused))
                    .failsWithin(Duration.ofSeconds(5))
                    .withThrowableThat()
                    .satisfies(e -> assertThat(TransportFailure.of(e)).isEqualTo(Signal.POOL_EXHAUSTED));
            assertThat(List.of(first, second, waiting, refused))
                    .filteredOn(CompletableFuture::isDone)
                    .hasSize(1);
            assertThat(simulator.openConnections()).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = HttpVersion.class,
            names = {"HTTP_1_1", "HTTP_2"})
    void resetReachesTheUpstreamAtOnce(HttpVersion version) throws Exception {
        try (Simulator simulator = Simulator.start(rig.vertx)) {
            simulator.always(Script.begin().head(200, Headers.NONE).bytes("x").hang());
            Connector connector = rig.connector(
                    TestPolicy.of(simulator.baseUrl()).httpVersion(version).upstream());
            CompletableFuture<UpstreamCall> answered = new CompletableFuture<>();
            rig.vertx.runOnContext(x -> {
                UpstreamCall call = connector.open(ConnectorRig.post());
                call.send().onSuccess(answer -> answered.complete(call)).onFailure(answered::completeExceptionally);
            });
            UpstreamCall call = answered.get(5, TimeUnit.SECONDS);

            rig.vertx.runOnContext(x -> {
                call.reset();
                call.reset();
            });

            assertThat(simulator.exchanges().get(0).ending())
                    .succeedsWithin(Duration.ofSeconds(5))
                    .extracting(Ending::how)
                    .isEqualTo(Ending.How.ABANDONED);
        }
    }

    @Test
    void sendsNothingOnceItIsReset() throws Exception {
        try (Simulator simulator = Simulator.start(rig.vertx)) {
            Connector connector =
                    rig.connector(TestPolicy.of(simulator.baseUrl()).upstream());
            CompletableFuture<Object> ended = new CompletableFuture<>();
            rig.vertx.runOnContext(x -> {
                UpstreamCall call = connector.open(ConnectorRig.post());
                call.send().onSuccess(ended::complete).onFailure(ended::completeExceptionally);
                call.reset();
            });

            assertThat(ended).failsWithin(Duration.ofSeconds(5));
            assertThat(simulator.exchanges()).isEmpty();
        }
    }

    private static MultiMap app() {
        return HttpHeaders.headers().add("authorization", "Bearer app").add("x-api-key", "app");
    }

    private static Exchange seen(TestPolicy policy, MultiMap headers, @Nullable ApiKey key) throws Exception {
        try (Simulator simulator = Simulator.start(rig.vertx)) {
            TestPolicy there = TestPolicy.of(simulator.baseUrl())
                    .credentials(policy.credentials())
                    .dialect(policy.dialect());
            rig.sent(rig.connector(there.upstream()), ConnectorRig.post(headers, key));
            return simulator.exchanges().get(0);
        }
    }
}
