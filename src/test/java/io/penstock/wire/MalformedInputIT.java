package io.penstock.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever is wrong with a request: a clear error, a record, and nothing else happens. */
class MalformedInputIT extends WithRig {
    private static final String CHAT = "/openai/v1/chat/completions";
    private static final String BODY = "{\"model\":\"gpt-5\",\"messages\":[]}";
    private static final String SMUGGLED = "GET /openai/v1/models HTTP/1.1\r\nHost: localhost\r\n\r\n";
    private static final long CAP = 32L * 1024 * 1024;

    @AfterEach
    void nothingReachedTheProvider() {
        assertThat(rig.provider().exchanges()).as("requests that left the pod").isEmpty();
    }

    static Stream<Arguments> unreadableRequests() {
        return Stream.of(
                Arguments.of("no request at all", "GARBAGE\r\n\r\n", Set.of(400)),
                Arguments.of("a TLS hello", "\u0016\u0003\u0001\u0002\u0000\u0001 hello\r\n\r\n", Set.of(400)),
                Arguments.of("long target", "GET /openai/" + "x".repeat(70_000) + " HTTP/1.1\r\n\r\n", Set.of(414)),
                Arguments.of("huge header", chat("X-Huge: " + "x".repeat(70_000), BODY), Set.of(431)),
                Arguments.of(
                        "huge header section",
                        chat("X-Many: 0123456789\r\n".repeat(5_000).strip(), BODY),
                        Set.of(431)),
                Arguments.of("header without a colon", chat("nonsense", BODY), Set.of(400)),
                Arguments.of("space before the colon", chat("Transfer-Encoding : chunked", "0\r\n\r\n"), Set.of(400)),
                Arguments.of(
                        "length and chunks", chat("Transfer-Encoding: chunked", "0\r\n\r\n" + SMUGGLED), Set.of(400)),
                Arguments.of("two lengths", chat("Content-Length: 5", BODY), Set.of(400)),
                Arguments.of("negative length", bare("Content-Length: -1", ""), Set.of(400)),
                Arguments.of("length that is no number", bare("Content-Length: 1e3", ""), Set.of(400)),
                Arguments.of(
                        "unknown transfer coding", bare("Transfer-Encoding: xchunked", "0\r\n\r\n"), Set.of(400, 501)),
                Arguments.of(
                        "other transfer coding",
                        bare("Transfer-Encoding: gzip, chunked", "0\r\n\r\n"),
                        Set.of(400, 501)),
                Arguments.of(
                        "chunked twice", bare("Transfer-Encoding: chunked, chunked", "0\r\n\r\n"), Set.of(400, 501)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("unreadableRequests")
    void answersAndRecordsWhatIsNoRequestAndClosesTheConnection(String what, String bytes, Set<Integer> statuses)
            throws IOException {
        try (RawClient client = rig.connect()) {
            RawAnswer answer = client.send(bytes).read();

            assertThat(answer.status()).as("%s: %s", what, answer).isIn(statuses);
            assertGatewayError(answer);
            assertThat(client.closed())
                    .as("closed: what follows is not to be trusted")
                    .isTrue();
        }
    }

    static Stream<Arguments> unknownPlaces() {
        return Stream.of(
                Arguments.of("/nowhere/v1/models", Set.of(404)),
                Arguments.of("/", Set.of(404)),
                Arguments.of("/openaix/v1/models", Set.of(404)),
                Arguments.of("/OPENAI/v1/models", Set.of(404)),
                Arguments.of("//openai/v1/models", Set.of(400, 404)),
                Arguments.of("/./openai/v1/models", Set.of(400, 404)),
                Arguments.of("/openai/../penstock/v1/config", Set.of(400, 404)),
                Arguments.of("/openai/v1/../../etc/passwd", Set.of(400, 404)),
                Arguments.of("/openai/%2e%2e/x", Set.of(400, 404)),
                Arguments.of("/openai/%2E./x", Set.of(400, 404)),
                Arguments.of("/openai/v1/%2e%2e%2fx", Set.of(400, 404)),
                Arguments.of("/openai%2fv1/models", Set.of(400, 404)),
                Arguments.of("/openai/..\\x", Set.of(400, 404)),
                Arguments.of("/openai/v1/models%00", Set.of(400, 404)),
                Arguments.of("/openai/v1/models%zz", Set.of(400, 404)),
                Arguments.of("http://api.openai.com/v1/models", Set.of(400, 404)),
                Arguments.of("http://localhost/openai/v1/models", Set.of(400, 404)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("unknownPlaces")
    void answersAndRecordsWhatLeadsNowhere(String target, Set<Integer> statuses) throws IOException {
        try (RawClient client = rig.connect()) {
            RawAnswer answer = client.send("GET " + target + " HTTP/1.1\r\nHost: localhost\r\n\r\n")
                    .read();

            assertThat(answer.status()).as("%s: %s", target, answer).isIn(statuses);
            assertGatewayError(answer);
        }
    }

    /** Vert.x closes the connection itself here, before an answer can get through. */
    @Test
    void recordsABrokenChunkAndClosesTheConnection() throws IOException {
        try (RawClient client = rig.connect()) {
            client.send(bare("Transfer-Encoding: chunked", "5\r\nhello\r\nzz\r\n"));

            assertThat(client.readToEnd()).doesNotStartWith("HTTP/1.1 2");
            rig.admin()
                    .newest(recorded -> recorded.path("error_message").asText().contains("not framed as HTTP")
                            && recorded.path("phase").asText().equals("gateway"));
        }
    }

    @Test
    void refusesAnUnknownVersionOfHttp() throws IOException {
        try (RawClient client = rig.connect()) {
            String answer = client.send("GET /openai/v1/models HTTP/7.3\r\nHost: localhost\r\n\r\n")
                    .readToEnd();

            assertThat(answer).containsPattern("^HTTP/\\d.\\d (400|501|505) ");
        }
    }

    @Test
    void doesNotReadTheBodyOfARequestThatLeadsNowhere() throws IOException {
        try (RawClient client = rig.connect()) {
            RawAnswer answer = client.send("POST /nowhere HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n"
                            .formatted(CAP + 1))
                    .read();

            assertThat(answer.status()).isEqualTo(404);
            assertGatewayError(answer);
            assertThat(client.closed()).isTrue();
        }
    }

    @Test
    void refusesToTunnel() throws IOException {
        try (RawClient client = rig.connect()) {
            RawAnswer answer = client.send("CONNECT api.openai.com:443 HTTP/1.1\r\nHost: api.openai.com:443\r\n\r\n")
                    .read();

            assertThat(answer.status()).isIn(400, 404, 405, 501);
            assertGatewayError(answer);
        }
    }

    @Test
    void answersBadJsonInTheEnvelopeOfEachDialect() throws IOException {
        String bad = "{\"model\": \"m\", ";

        JsonNode openai = badRequest(CHAT, bad);
        assertThat(openai.at("/error/message").asText()).isNotBlank();
        assertThat(openai.at("/error/type").asText()).isEqualTo("invalid_request_error");

        JsonNode anthropic = badRequest("/anthropic/v1/messages", bad);
        assertThat(anthropic.path("type").asText()).isEqualTo("error");
        assertThat(anthropic.at("/error/type").asText()).isEqualTo("invalid_request_error");
        assertThat(anthropic.at("/error/message").asText()).isNotBlank();

        JsonNode gemini = badRequest("/gemini/v1beta/models/gemini-2.5-pro:generateContent", bad);
        assertThat(gemini.at("/error/code").asInt()).isEqualTo(400);
        assertThat(gemini.at("/error/status").asText()).isEqualTo("INVALID_ARGUMENT");
        assertThat(gemini.at("/error/message").asText()).isNotBlank();
    }

    @Test
    void refusesAnAnnouncedBodyOverTheCapBeforeItIsSent() throws IOException {
        try (RawClient client = rig.connect()) {
            RawAnswer answer = client.send("POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n"
                            .formatted(CHAT, CAP + 1))
                    .read();

            assertTooLarge(answer);
        }
    }

    @Test
    void refusesAnExpectedBodyOverTheCapWithoutContinue() throws IOException {
        try (RawClient client = rig.connect()) {
            RawAnswer answer = client.send(
                            "POST %s HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: %d\r\n\r\n"
                                    .formatted(CHAT, CAP + 1))
                    .read();

            assertTooLarge(answer);
        }
    }

    @Test
    void refusesAChunkedBodyOverTheCap() throws Exception {
        Thread writer;
        try (RawClient client = rig.connect()) {
            client.send("POST " + CHAT + " HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n");
            writer = new Thread(() -> sendChunks(client, 33));
            writer.start();

            assertTooLarge(client.read());
        }
        writer.join();
    }

    @Test
    void answersAWebSocketUpgradeWith426() throws IOException {
        try (RawClient client = rig.connect()) {
            RawAnswer answer = client.send("""
                            GET /openai/v1/realtime?model=gpt-realtime HTTP/1.1
                            Host: localhost
                            Connection: Upgrade
                            Upgrade: websocket
                            Sec-WebSocket-Version: 13
                            Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==

                            """.replace("\n", "\r\n")).read();

            assertThat(answer.status()).isEqualTo(426);
            assertGatewayError(answer);
        }
    }

    private static JsonNode badRequest(String path, String body) throws IOException {
        try (RawClient client = rig.connect()) {
            RawAnswer answer = client.post(path, body).read();
            assertThat(answer.status()).as("%s: %s", path, answer).isEqualTo(400);
            assertThat(answer.header("x-penstock-category")).isEqualTo("invalid_request");
            assertGatewayError(answer);
            return answer.json();
        }
    }

    private static void assertTooLarge(RawAnswer answer) {
        assertThat(answer.status()).as("%s", answer).isEqualTo(413);
        assertThat(answer.header("x-penstock-category")).isEqualTo("request_too_large");
        assertGatewayError(answer);
    }

    private static void assertGatewayError(RawAnswer answer) {
        assertThat(answer.header("content-type")).startsWith("application/json");
        assertThat(answer.json().at("/error/message").asText()).as("%s", answer).isNotBlank();
        assertThat(answer.header("x-penstock-error-type")).isEqualTo("bad_request");
        assertThat(answer.header("x-penstock-retryable")).isEqualTo("false");
        assertThat(answer.whole()).isTrue();

        JsonNode recorded = rig.admin().recordOf(answer);
        assertThat(recorded.path("outcome").asText()).isEqualTo("error");
        assertThat(recorded.path("phase").asText()).isEqualTo("gateway");
        assertThat(recorded.path("error_type").asText()).isEqualTo("bad_request");
        assertThat(recorded.path("http_status").asInt()).isEqualTo(answer.status());
        assertThat(recorded.path("attempts")).isEmpty();
    }

    /** Gives up quietly when the other side has heard enough. */
    private static void sendChunks(RawClient client, int mebibytes) {
        byte[] chunk = ("100000\r\n" + "x".repeat(1024 * 1024) + "\r\n").getBytes(ISO_8859_1);
        try {
            for (int i = 0; i < mebibytes; i++) {
                client.send(chunk);
            }
            client.send("0\r\n\r\n");
        } catch (IOException e) {
            assertThat(e).hasMessageNotContaining("timed out");
        }
    }

    private static String chat(String headerLine, String body) {
        return bare("Content-Length: %d\r\n%s".formatted(BODY.length(), headerLine), body);
    }

    private static String bare(String headerLines, String body) {
        return "POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n%s\r\n\r\n%s"
                .formatted(CHAT, headerLines, body);
    }
}
