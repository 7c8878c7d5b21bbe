package io.penstock.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Answers that no provider should send. Whatever they are, the application gets an answer and the exchange a record. */
class HostileProviderTest {
    private static final String CHAT =
            "POST /openai/v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}";

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "'200 OK\r\nX-A: a\u0001b', 502",
        "'200 OK\r\nX-A: a\u0000b', 502",
        "'200 OK\r\nX-A: a\u007fb', 502",
        "'200 OK\r\nX-A: a\r\n folded', 200",
        "'200 OK\r\nX-A: \u00fc\u00ff', 200",
        "'200 ', 200",
        "'200 O\u0001K', 200",
        "'299 Fine', 299",
        "'999 Whatever', 999",
        "'099 Low', 502",
        "'101 Switching Protocols', 502",
        "'302 Found\r\nLocation: http://169.254.169.254/', 302",
    })
    void isAnswered(String head, int status) throws Exception {
        byte[] answer = ("HTTP/1.1 " + head
                        + "\r\nContent-Type: application/json\r\nContent-Length: 7\r\n\r\n{\"a\":1}")
                .getBytes(ISO_8859_1);
        try (GatewayRig rig = GatewayRig.inFrontOf(answer);
                GatewayRig.Client client = rig.connect()) {
            assertThat(client.send(CHAT).readUntil("\r\n\r\n")).startsWith("HTTP/1.1 " + status);
            assertThat(rig.record().httpStatus()).isEqualTo(status);
            assertThat(rig.inFlight()).isZero();
        }
    }

    @Test
    void passesTrailersOn() throws Exception {
        byte[] answer = String.join(
                        "\r\n",
                        "HTTP/1.1 200 OK",
                        "Content-Type: application/json",
                        "Transfer-Encoding: chunked",
                        "Trailer: X-Sum",
                        "",
                        "7",
                        "{\"a\":1}",
                        "0",
                        "X-Sum: 42",
                        "Connection: x",
                        "",
                        "")
                .getBytes(ISO_8859_1);
        try (GatewayRig rig = GatewayRig.inFrontOf(answer);
                GatewayRig.Client client = rig.connect()) {
            String relayed = client.send(CHAT).readUntil("0\r\nX-Sum: 42\r\n\r\n");

            assertThat(relayed).contains("{\"a\":1}").doesNotContain("Connection: x");
        }
    }
}
