package io.penstock.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.simulator.Exchange;
import io.penstock.simulator.Headers;
import io.penstock.simulator.Script;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What goes in at one side comes out at the other: bodies to the byte, headers but for those of the connection. */
class FidelityIT extends WithRig {
    private static final String CHAT = "/openai/v1/chat/completions";
    private static final String BODY = "{\"model\":\"gpt-5\",\"stream\":true,\"messages\":[]}";
    private static final int RANDOM_CHUNKINGS = 8;
    private static final int SMALL = 8_192;

    static Stream<Arguments> streams() throws IOException {
        return Stream.concat(StreamBytes.odd(), StreamBytes.recorded());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("streams")
    void streamsArriveByteForByteInAnyChunking(String name, String path, String contentType, byte[] stream)
            throws IOException {
        try (RawClient client = rig.connect()) {
            assertRelayed(client, path, contentType, List.of(stream), stream);
            assertRelayed(client, path, contentType, split(stream, stream.length <= SMALL ? 1 : 97), stream);
            for (int seed = 0; seed < RANDOM_CHUNKINGS; seed++) {
                assertRelayed(client, path, contentType, split(stream, new Random(seed)), stream);
            }
        }
    }

    @Test
    void answersThatAreNoStreamsArriveByteForByte() throws IOException {
        String odd = "{ \"b\" : 1.10,\r\n\"a\":\"\\u00e9 / \\/\", \"a\":2,\n \"choices\" : [ ] }\n\n";
        rig.provider().always(Script.json(200, odd));
        try (RawClient client = rig.connect()) {
            RawAnswer answer = client.post(CHAT, BODY).read();

            assertThat(answer.text()).isEqualTo(odd);
            assertThat(answer.header("content-length")).isEqualTo(String.valueOf(odd.length()));
        }
    }

    @Test
    void requestBodiesArriveByteForByte() throws IOException {
        String odd =
                "{ \"stream\":false, \"z\": 1e2,\t\"model\" : \"gpt-5\", \"user\":\"né 日本 👩‍👧\", \"x\": null,\n\"messages\":[] }\n";
        rig.provider().always(Script.json(200, "{}"));
        try (RawClient client = rig.connect()) {
            client.post(CHAT + "?a=b%20c&a=%2F", odd).read();
        }

        assertThat(only().body()).isEqualTo(odd.getBytes(UTF_8));
        assertThat(only().uri()).isEqualTo("/v1/chat/completions?a=b%20c&a=%2F");
    }

    @Test
    void requestPathsArriveAsTheyWere() throws IOException {
        rig.provider().always(Script.json(200, "{}"));
        String path = "/v1/models/meta-llama%2FLlama-3.1%2d8B:x@1;v=2";
        try (RawClient client = rig.connect()) {
            client.send("GET /openai" + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n")
                    .read();
        }

        assertThat(only().uri()).isEqualTo(path);
    }

    @Test
    void requestHeadersGoUpButForThoseOfTheConnection() throws IOException {
        rig.provider().always(Script.json(200, "{}"));
        try (RawClient client = rig.connect()) {
            client.post(
                            CHAT,
                            BODY,
                            "Authorization: Bearer sk-app",
                            "OpenAI-Beta: one",
                            "OpenAI-Beta: two",
                            "X-Stainless-Retry-Count: 0",
                            "User-Agent: OpenAI/Java 4",
                            "Accept-Encoding: gzip",
                            "Connection: keep-alive, X-Hop",
                            "X-Hop: 1",
                            "Keep-Alive: timeout=5",
                            "Proxy-Connection: keep-alive",
                            "Proxy-Authorization: Basic eDp5",
                            "TE: gzip",
                            "Trailer: X-Trailer")
                    .read();
        }

        Headers sent = only().headers();
        assertThat(sent.all("authorization")).containsExactly("Bearer sk-app");
        assertThat(sent.all("openai-beta")).containsExactly("one", "two");
        assertThat(sent.all("x-stainless-retry-count")).containsExactly("0");
        assertThat(sent.all("user-agent")).containsExactly("OpenAI/Java 4");
        assertThat(sent.all("accept-encoding")).containsExactly("gzip");
        assertThat(sent.all("host"))
                .containsExactly("127.0.0.1:" + rig.provider().port());
        assertThat(sent.all("content-length")).containsExactly(String.valueOf(BODY.length()));
        for (String hop : List.of("x-hop", "keep-alive", "proxy-connection", "proxy-authorization", "te", "trailer")) {
            assertThat(sent.all(hop)).as(hop).isEmpty();
        }
        assertThat(sent.all("connection")).noneMatch(value -> value.contains("X-Hop"));
        assertThat(sent.fields()).noneMatch(field -> field.name().startsWith("x-penstock"));
    }

    @Test
    void answerHeadersComeDownButForThoseOfTheConnection() throws IOException {
        rig.provider()
                .always(Script.answer(
                        200,
                        Headers.of(
                                "content-type", "application/json",
                                "x-request-id", "req_1",
                                "openai-processing-ms", "12",
                                "x-ratelimit-remaining-requests", "59",
                                "x-ratelimit-reset-tokens", "6m0s",
                                "set-cookie", "__cf_bm=1; path=/",
                                "set-cookie", "_cfuvid=2; path=/",
                                "via", "1.1 edge",
                                "via", "1.1 origin",
                                "connection", "X-Internal",
                                "x-internal", "1",
                                "keep-alive", "timeout=5",
                                "proxy-authenticate", "Basic"),
                        "{}"));
        try (RawClient client = rig.connect()) {
            RawHead head = client.post(CHAT, BODY).read().head();

            assertThat(head.all("x-request-id")).containsExactly("req_1");
            assertThat(head.all("openai-processing-ms")).containsExactly("12");
            assertThat(head.all("x-ratelimit-remaining-requests")).containsExactly("59");
            assertThat(head.all("x-ratelimit-reset-tokens")).containsExactly("6m0s");
            assertThat(head.all("set-cookie")).containsExactly("__cf_bm=1; path=/", "_cfuvid=2; path=/");
            assertThat(head.all("via")).containsExactly("1.1 edge", "1.1 origin");
            for (String hop : List.of("x-internal", "keep-alive", "proxy-authenticate")) {
                assertThat(head.all(hop)).as(hop).isEmpty();
            }
            assertThat(head.all("connection")).noneMatch(value -> value.contains("X-Internal"));
            assertThat(head.all("x-penstock-upstream")).containsExactly("openai-provider");
            assertThat(head.all("x-penstock-attempts")).containsExactly("1");
            assertThat(head.all("x-penstock-id")).hasSize(1);
            assertThat(head.all("x-penstock-error-type")).isEmpty();
        }
    }

    @Test
    void gzippedErrorsAreJudgedDecodedAndRelayedAsTheyCame() throws IOException {
        byte[] zipped = gzip("{\"error\":{\"message\":\"You exceeded your current quota\","
                + "\"type\":\"insufficient_quota\",\"param\":null,\"code\":\"insufficient_quota\"}}");
        rig.provider()
                .always(Script.answer(
                        429, Headers.of("content-type", "application/json", "content-encoding", "gzip"), zipped));
        try (RawClient client = rig.connect()) {
            RawAnswer answer = client.post(CHAT, BODY, "Accept-Encoding: gzip").read();

            assertThat(answer.status()).isEqualTo(429);
            assertThat(answer.header("content-encoding")).isEqualTo("gzip");
            assertThat(answer.body()).isEqualTo(zipped);
            assertThat(answer.header("x-penstock-category")).isEqualTo("quota_exhausted");
            assertThat(rig.admin().recordOf(answer).path("error_category").asText())
                    .isEqualTo("quota_exhausted");
        }
    }

    private static void assertRelayed(
            RawClient client, String path, String contentType, List<byte[]> chunks, byte[] expected)
            throws IOException {
        Script.Draft draft = Script.begin().head(200, Headers.of("content-type", contentType));
        for (byte[] chunk : chunks) {
            draft = draft.bytes(chunk);
        }
        rig.provider().enqueue(draft.end());

        RawAnswer answer = client.post(path, BODY).read();

        assertThat(answer.whole()).as("%s chunks arrive whole", chunks.size()).isTrue();
        assertThat(answer.header("content-type")).isEqualTo(contentType);
        assertThat(answer.body()).as("%s chunks", chunks.size()).isEqualTo(expected);
    }

    private static List<byte[]> split(byte[] bytes, int size) {
        return IntStream.range(0, (bytes.length + size - 1) / size)
                .mapToObj(i -> Arrays.copyOfRange(bytes, i * size, Math.min(bytes.length, (i + 1) * size)))
                .toList();
    }

    private static List<byte[]> split(byte[] bytes, Random random) {
        int longest = 1 + random.nextInt(Math.max(2, bytes.length / 4));
        Stream.Builder<byte[]> chunks = Stream.builder();
        for (int from = 0, to; from < bytes.length; from = to) {
            to = Math.min(bytes.length, from + 1 + random.nextInt(longest));
            chunks.add(Arrays.copyOfRange(bytes, from, to));
        }
        return chunks.build().toList();
    }

    private static byte[] gzip(String text) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var zip = new GZIPOutputStream(bytes)) {
            zip.write(text.getBytes(UTF_8));
        }
        return bytes.toByteArray();
    }

    private static Exchange only() {
        assertThat(rig.provider().exchanges()).hasSize(1);
        return rig.provider().exchanges().get(0);
    }
}
