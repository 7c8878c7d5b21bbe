package io.penstock.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.simulator.Exchange;
import io.penstock.simulator.Headers;
import io.penstock.simulator.Script;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** The corners of HTTP/1.1 that a relay has to know, on requests that are fine. */
class ProtocolIT extends WithRig {
    private static final String CHAT = "/openai/v1/chat/completions";
    private static final String BODY = "{\"model\":\"gpt-5\",\"messages\":[]}";

    @Test
    void asksForAnExpectedBody() throws IOException {
        rig.provider().always(Script.json(200, "{\"choices\":[]}"));
        try (RawClient client = rig.connect()) {
            client.send(crlf("""
                            POST %s HTTP/1.1
                            Host: localhost
                            Content-Type: application/json
                            Expect: 100-continue
                            Content-Length: %d

                            """).formatted(CHAT, BODY.length()));
            assertThat(client.readHead().status()).isEqualTo(100);

            RawAnswer answer = client.send(BODY).read();

            assertThat(answer.status()).isEqualTo(200);
            assertThat(only().bodyText()).isEqualTo(BODY);
            assertThat(only().headers().all("expect")).isEmpty();
        }
    }

    @Test
    void takesAChunkedBody() throws IOException {
        rig.provider().always(Script.json(200, "{\"choices\":[]}"));
        try (RawClient client = rig.connect()) {
            RawAnswer answer = client.send(
                            crlf("""
                                    POST %s HTTP/1.1
                                    Host: localhost
                                    Content-Type: application/json
                                    Transfer-Encoding: chunked

                                    5;ext=1
                                    %s
                                    %x
                                    %s
                                    0
                                    X-Trailer: 1

                                    """).formatted(CHAT, BODY.substring(0, 5), BODY.length() - 5, BODY.substring(5)))
                    .read();

            assertThat(answer.status()).isEqualTo(200);
            assertThat(only().bodyText()).isEqualTo(BODY);
        }
    }

    @Test
    void streamsToAnHttp10ClientWithoutChunks() throws IOException {
        rig.provider()
                .always(Script.begin()
                        .head(200, Headers.of("content-type", "text/event-stream"))
                        .bytes("data: {\"choices\":[{\"delta\":{\"content\":\"a\"}}]}\n\n")
                        .bytes("data: [DONE]\n\n")
                        .end());
        try (RawClient client = rig.connect()) {
            RawAnswer answer = client.send(
                            "POST %s HTTP/1.0\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
                                    .formatted(CHAT, BODY.length(), BODY))
                    .read();

            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.header("transfer-encoding")).isNull();
            assertThat(answer.text()).endsWith("data: [DONE]\n\n");
        }
    }

    @Test
    void servesOneConnectionAgainAndAgain() throws IOException {
        rig.provider().always(Script.json(200, "{\"choices\":[]}"));
        try (RawClient client = rig.connect()) {
            for (int i = 0; i < 20; i++) {
                assertThat(client.post(CHAT, BODY).read().status()).isEqualTo(200);
            }
            assertThat(client.post(CHAT, "{").read().status()).isEqualTo(400);
            assertThat(client.post(CHAT, BODY).read().status()).isEqualTo(200);
        }
    }

    private static String crlf(String lines) {
        return lines.replace("\n", "\r\n");
    }

    private static Exchange only() {
        assertThat(rig.provider().exchanges()).hasSize(1);
        return rig.provider().exchanges().get(0);
    }
}
