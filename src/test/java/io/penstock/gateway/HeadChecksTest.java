package io.penstock.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HeadChecksTest {

    @Test
    void wantsExactlyOneHostOnHttp11() {
        assertThat(status(Requests.http1(HttpMethod.GET, "Host", "a"))).isZero();
        assertThat(status(Requests.http1(HttpMethod.GET, "Host", ""))).isZero();
        assertThat(status(Requests.http1(HttpMethod.GET))).isEqualTo(400);
        assertThat(status(Requests.http1(HttpMethod.GET, "Host", "a", "host", "a")))
                .isEqualTo(400);
    }

    @Test
    void wantsNoHostElsewhere() {
        assertThat(status(Requests.of(HttpVersion.HTTP_1_0, HttpMethod.GET))).isZero();
        assertThat(status(Requests.of(HttpVersion.HTTP_2, HttpMethod.GET))).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "chunked, 0",
        "Chunked, 0",
        "gzip, 400",
        "'gzip, chunked', 400",
        "'chunked, chunked', 400",
        "xchunked, 400",
        "identity, 400",
        "'', 400",
    })
    void understandsTheChunkedCodingAlone(String coding, int status) {
        assertThat(status(Requests.http1(HttpMethod.POST, "Host", "a", "Transfer-Encoding", coding)))
                .isEqualTo(status);
    }

    @Test
    void understandsOneTransferEncodingHeaderAlone() {
        assertThat(status(Requests.http1(
                        HttpMethod.POST, "Host", "a", "Transfer-Encoding", "chunked", "transfer-encoding", "chunked")))
                .isEqualTo(400);
    }

    @Test
    void boundsTheHeadersTogether() {
        assertThat(status(Requests.http1(HttpMethod.GET, "Host", "a", "X", "y".repeat(65_000))))
                .isZero();
        assertThat(status(
                        Requests.http1(HttpMethod.GET, "Host", "a", "X", "y".repeat(40_000), "X", "y".repeat(40_000))))
                .isEqualTo(431);
    }

    @ParameterizedTest
    @ValueSource(strings = {"100-continue", "100-Continue", " 100-continue "})
    void knowsWhoWaitsForAContinue(String expect) {
        assertThat(HeadChecks.expectsContinue(Requests.http1(HttpMethod.POST, "Expect", expect)))
                .isTrue();
        assertThat(HeadChecks.expectsContinue(Requests.http1(HttpMethod.POST))).isFalse();
    }

    private static int status(HttpServerRequest request) {
        return HeadChecks.http(request).map(Refusal::status).orElse(0);
    }
}
