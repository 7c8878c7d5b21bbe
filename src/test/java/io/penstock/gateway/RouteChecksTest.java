package io.penstock.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.dialect.Dialect;
import io.penstock.policy.RoutePolicy;
import io.penstock.policy.UpstreamPolicy.CredentialsPolicy;
import io.penstock.policy.UpstreamPolicy.SecretRef;
import io.penstock.upstream.TestPolicy;
import io.penstock.upstream.Upstreams;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RouteChecksTest {
    private static final TestPolicy POLICY = TestPolicy.of("http://127.0.0.1:9");
    private static final RoutePolicy ROUTE = POLICY.route(1_000, 2, List.of());

    private static Vertx vertx;
    private static Upstreams lent;
    private static Upstreams own;

    @BeforeAll
    static void start(@TempDir Path dir) throws Exception {
        vertx = Vertx.vertx();
        Path key = Files.writeString(dir.resolve("key"), "sk-0123456789abcdefwxyz");
        lent = upstreams(new CredentialsPolicy.Keys(List.of(new SecretRef.File(key))));
        own = upstreams(new CredentialsPolicy.Passthrough());
    }

    @AfterAll
    static void stop() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @ParameterizedTest
    @ValueSource(strings = {"websocket", "WebSocket", " websocket ", "h2c, websocket", "websocket/13"})
    void refusesWebSockets(String upgrade) {
        assertThat(RouteChecks.head(Requests.http1(HttpMethod.GET, "Upgrade", upgrade), ROUTE))
                .hasValueSatisfying(refusal -> assertThat(refusal.status()).isEqualTo(426));
    }

    @Test
    void mindsNoOtherUpgrade() {
        assertThat(RouteChecks.head(Requests.http1(HttpMethod.GET, "Upgrade", "h2c"), ROUTE))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "0, false",
        "1000, false",
        "1001, true",
        "9223372036854775807, true",
        "9223372036854775808, true",
        "99999999999999999999999999, true",
    })
    void refusesAnAnnouncedLengthAboveTheCap(String length, boolean refused) {
        Optional<Refusal> refusal = RouteChecks.head(Requests.http1(HttpMethod.POST, "Content-Length", length), ROUTE);

        assertThat(refusal.map(Refusal::status)).isEqualTo(refused ? Optional.of(413) : Optional.empty());
    }

    @ParameterizedTest
    @CsvSource({"1, false", "2, false", "3, true"})
    void refusesBeyondTheCapOnInterceptionsInFlight(int inFlight, boolean refused) {
        Optional<Refusal> refusal = RouteChecks.full(ROUTE, inFlight);

        assertThat(refusal.isPresent()).isEqualTo(refused);
        refusal.ifPresent(r -> {
            assertThat(r.status()).isEqualTo(503);
            assertThat(r.retryAfter()).isEqualTo(Duration.ofSeconds(1));
        });
        assertThat(RouteChecks.full(POLICY.route(), 1_000_000)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "POST, /v1/chat/completions, true",
        "POST, /v1/responses, true",
        "GET, /v1/models, true",
        "GET, /v1/files, false",
        "GET, /v1/organization/admin_api_keys, false",
        "POST, /v1/chat/completions/../files, false",
        "DELETE, /v1/models/ft:x, false",
    })
    void lendsItsKeyToInferenceOnly(String method, String path, boolean relayed) {
        assertThat(lentKey(method, path)).isEqualTo(relayed);
    }

    @ParameterizedTest
    @CsvSource({
        "/v1/files, /v1/files, true",
        "/v1/files, /v1/files/x, false",
        "/v1/files*, /v1/files/x, true",
        "/v1/files/*, /v1/files, false",
        "/v1/*/content, /v1/files/x/content, true",
        "/v1/*/content, /v1/files/x/contents, false",
        "/v1/f.les, /v1/files, false",
        "/v1/(files|x), /v1/files, false",
        "*, /v1/organization, true",
        "/v1/files*, /v1/files%2f..%2forganization, false",
        "/v1/files*, /v1/files%2Fx, false",
    })
    void opensThePathsThatThePolicyAdds(String glob, String path, boolean relayed) {
        assertThat(lentKey("GET", path, glob)).isEqualTo(relayed);
    }

    @Test
    void letsTheApplicationsOwnKeyGoWhereItLikes() {
        assertThat(RouteChecks.lentKey(
                        Requests.http1(HttpMethod.GET), ROUTE, own.snapshot(), "/v1/organization/admin_api_keys"))
                .isEmpty();
    }

    private static boolean lentKey(String method, String path, String... allowed) {
        return RouteChecks.lentKey(
                        Requests.http1(HttpMethod.valueOf(method)),
                        POLICY.route(1_000, null, List.of(allowed)),
                        lent.snapshot(),
                        path)
                .isEmpty();
    }

    private static Upstreams upstreams(CredentialsPolicy credentials) {
        return new Upstreams(
                vertx,
                new TestPolicy.Source(
                        POLICY.credentials(credentials).dialect(Dialect.OPENAI).policy()),
                List.of());
    }
}
