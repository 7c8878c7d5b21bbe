package io.penstock.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HeaderRulesTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Connection",
                "Keep-Alive",
                "Proxy-Connection",
                "Proxy-Authenticate",
                "Proxy-Authorization",
                "TE",
                "Trailer",
                "Transfer-Encoding",
                "Upgrade",
                "HTTP2-Settings",
                "tRANSFER-eNCODING"
            })
    void keepsHopByHopHeadersToTheirHop(String name) {
        MultiMap headers = headers(name, "x", "X-Kept", "1");

        assertThat(lines(HeaderRules.toUpstream(headers))).containsExactly("X-Kept: 1");
        assertThat(lines(HeaderRules.toClient(headers))).containsExactly("X-Kept: 1");
    }

    @Test
    void dropsWhatConnectionNamesHoweverItIsWritten() {
        MultiMap headers = headers(
                "connection",
                "close, X-A ,,x-b",
                "Connection",
                "\tX-C",
                "X-a",
                "1",
                "X-B",
                "2",
                "x-C",
                "3",
                "X-D",
                "4");

        assertThat(lines(HeaderRules.toUpstream(headers))).containsExactly("X-D: 4");
        assertThat(lines(HeaderRules.toClient(headers))).containsExactly("X-D: 4");
    }

    @Test
    void replacesWhatBelongsToItsOwnRequest() {
        MultiMap headers = headers("Host", "h", "Content-Length", "3", "Expect", "100-continue", "Accept", "*/*");

        assertThat(lines(HeaderRules.toUpstream(headers))).containsExactly("Accept: */*");
    }

    @Test
    void passesTheLengthOfAnAnswerOn() {
        assertThat(lines(HeaderRules.toClient(headers("Content-Length", "3")))).containsExactly("Content-Length: 3");
    }

    @Test
    void keepsRepeatedHeadersInTheirOrderAndTheCaseOfNames() {
        MultiMap headers =
                headers("Set-Cookie", "a=1", "X-RateLimit", "9", "Set-Cookie", "b=2", "set-cookie", "c=3", "Vary", "");

        assertThat(HeaderRules.toClient(headers).getAll("set-cookie")).containsExactly("a=1", "b=2", "c=3");
        assertThat(lines(HeaderRules.toClient(headers)))
                .contains("X-RateLimit: 9", "Vary: ")
                .hasSize(5);
    }

    @Test
    void leavesTheGivenHeadersAlone() {
        MultiMap headers = headers("Connection", "x-a", "X-A", "1", "Accept-Encoding", "br");

        HeaderRules.toUpstream(headers);

        assertThat(lines(headers)).containsExactlyInAnyOrder("Connection: x-a", "X-A: 1", "Accept-Encoding: br");
    }

    @ParameterizedTest
    @CsvSource({"trailers", "Trailers", "'gzip, trailers'"})
    void saysThatItTakesTrailersWhereTheApplicationDoes(String te) {
        assertThat(HeaderRules.toUpstream(headers("TE", te)).getAll("te")).containsExactly("trailers");
    }

    @ParameterizedTest
    @CsvSource({
        "gzip, gzip",
        "'gzip, deflate, br, zstd', 'gzip, deflate'",
        "'br;q=1.0, gzip;q=0.8, *;q=0.1', 'gzip;q=0.8'",
        "'BR, GZIP', GZIP",
        "br, identity",
        "'*', identity",
        "'*;q=0', identity",
        "'', identity",
        "'gzip , br', gzip",
        "'x-gzip,identity;q=0.5', 'x-gzip,identity;q=0.5'",
        "'gzip;q=0, br', 'gzip;q=0'",
    })
    void narrowsTheContentCodingsToThoseItCanRead(String accepted, String narrowed) {
        assertThat(HeaderRules.toUpstream(headers("Accept-Encoding", accepted)).getAll("accept-encoding"))
                .containsExactly(narrowed);
    }

    @Test
    void narrowsSeveralAcceptEncodingHeadersTogether() {
        MultiMap headers = headers("Accept-Encoding", "br", "Accept-Encoding", "gzip", "Accept-Encoding", "zstd");

        assertThat(HeaderRules.toUpstream(headers).getAll("accept-encoding")).containsExactly("gzip");
    }

    @Test
    void asksForNoCodingWhereTheApplicationDoesNot() {
        assertThat(HeaderRules.toUpstream(headers("Accept", "*/*")).contains("accept-encoding"))
                .isFalse();
    }

    private static MultiMap headers(String... namesAndValues) {
        MultiMap headers = HttpHeaders.headers();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            headers.add(namesAndValues[i], namesAndValues[i + 1]);
        }
        return headers;
    }

    private static List<String> lines(MultiMap headers) {
        return headers.entries().stream()
                .map((Map.Entry<String, String> line) -> line.getKey() + ": " + line.getValue())
                .collect(Collectors.toList());
    }
}
