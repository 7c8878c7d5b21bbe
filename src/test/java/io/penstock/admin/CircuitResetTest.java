package io.penstock.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.nullValue;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CircuitResetTest {
    private static final String RESET = "/penstock/v1/upstreams/primary/circuit/reset";

    private final AdminServer server = new AdminServer();

    @AfterEach
    void stop() {
        server.stop();
    }

    @Test
    void closesTheCircuitsAndTellsHowTheUpstreamIsNow() {
        server.client()
                .post(RESET)
                .then()
                .statusCode(200)
                .body("name", equalTo("primary"))
                .body("circuit", equalTo("closed"))
                .body("circuit_cause", equalTo("reset"))
                .body("open_for_ms", nullValue());
        server.get("/penstock/v1/upstreams").body("upstreams[0].circuit", equalTo("closed"));
    }

    @Test
    void closesTheCircuitOfOneScope() {
        server.client().queryParam("scope", "upstream").post(RESET).then().statusCode(200);
    }

    @Test
    void saysWhichUpstreamsThereAre() {
        server.client()
                .post("/penstock/v1/upstreams/secondary/circuit/reset")
                .then()
                .statusCode(404)
                .contentType("application/problem+json")
                .body("detail", containsString("primary"));
    }

    @Test
    void saysWhichScopesThereAre() {
        server.client()
                .queryParam("scope", "gpt-9")
                .post(RESET)
                .then()
                .statusCode(400)
                .body("errors[0].parameter", equalTo("scope"))
                .body("errors[0].allowed", hasItems("upstream", "other"));
    }

    @Test
    void refusesParametersThatItDoesNotKnow() {
        server.client()
                .queryParam("scoop", "upstream")
                .post(RESET)
                .then()
                .statusCode(400)
                .body("errors[0].parameter", equalTo("scoop"));
        server.client()
                .queryParam("scope", "upstream", "other")
                .post(RESET)
                .then()
                .statusCode(400);
        assertStillOpen();
    }

    @ParameterizedTest
    @CsvSource({"GET", "PUT", "DELETE", "HEAD"})
    void isChangedByAPostAlone(String method) {
        server.client().request(method, RESET).then().statusCode(405).header("allow", "POST");
        assertStillOpen();
    }

    @ParameterizedTest
    @CsvSource({
        "Origin, http://evil.example",
        "Origin, null",
        "Origin, http://localhost:1",
        "Sec-Fetch-Site, cross-site",
        "Sec-Fetch-Site, same-site",
    })
    void refusesAPageOfAnotherOrigin(String header, String value) {
        server.client()
                .header(header, value)
                .post(RESET)
                .then()
                .statusCode(403)
                .contentType("application/problem+json");
        assertStillOpen();
    }

    @Test
    void refusesAHostThatANameServerCouldGiveAway() {
        server.client().header("host", "evil.example").post(RESET).then().statusCode(403);
        assertStillOpen();
    }

    @Test
    void acceptsAPageOfItsOwn() {
        server.client()
                .header("Origin", "http://127.0.0.1:" + server.port())
                .header("Sec-Fetch-Site", "same-origin")
                .post(RESET)
                .then()
                .statusCode(200);
    }

    @ParameterizedTest
    @CsvSource({
        ", , true",
        "none, , true",
        "same-origin, http://LOCALHOST:4100, true",
        ", http://localhost:4100, true",
        ", https://localhost:4100, false",
        ", http://localhost, false",
        ", '', false",
        "cross-site, http://localhost:4100, false",
        "'', , false",
    })
    void judgesByWhatBrowsersSay(@Nullable String site, @Nullable String origin, boolean accepted) {
        assertThat(SameOriginGuard.accepts(site, origin, "http://localhost:4100"))
                .isEqualTo(accepted);
    }

    private void assertStillOpen() {
        server.get("/penstock/v1/upstreams").body("upstreams[0].circuit", equalTo("open"));
    }
}
