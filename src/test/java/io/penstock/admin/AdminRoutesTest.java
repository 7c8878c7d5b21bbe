package io.penstock.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;

import io.penstock.record.Sample;
import io.restassured.specification.RequestSpecification;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AdminRoutesTest {
    private static final AdminServer SERVER = new AdminServer();

    @AfterAll
    static void stop() {
        SERVER.stop();
    }

    @Test
    void listsNewestFirstAndFiftyUnlessAskedOtherwise() {
        SERVER.get("/penstock/v1/interceptions")
                .statusCode(200)
                .contentType("application/json")
                .header("cache-control", "no-store")
                .header("access-control-allow-origin", nullValue())
                .body("interceptions", hasSize(50))
                .body("interceptions[0].id", equalTo(Sample.id(1_202).toString()));
    }

    @Test
    void pagesAreFollowedToTheEnd() {
        List<String> ids = new ArrayList<>();
        String next = null;
        do {
            RequestSpecification request =
                    SERVER.client().queryParam("limit", 25).queryParam("until", "2026-03-01T10:01:01Z");
            if (next != null) {
                request.queryParam("cursor", next);
            }
            var page = request.get("/penstock/v1/interceptions")
                    .then()
                    .statusCode(200)
                    .extract()
                    .jsonPath();
            ids.addAll(page.getList("interceptions.id"));
            next = page.getString("next");
        } while (next != null);

        assertThat(ids)
                .isEqualTo(IntStream.iterate(60, n -> n > 0, n -> n - 1)
                        .mapToObj(n -> Sample.id(n).toString())
                        .toList());
    }

    @Test
    void filtersAreCombined() {
        SERVER.client()
                .queryParam("error_type", "overloaded")
                .queryParam("category", "overloaded")
                .queryParam("outcome", "error")
                .queryParam("upstream", "primary")
                .queryParam("model", "gpt-5")
                .queryParam("since", "2026-03-01T12:00:00+02:00")
                .queryParam("session_id", "")
                .get("/penstock/v1/interceptions")
                .then()
                .statusCode(200)
                .body("interceptions.id", contains(Sample.id(101).toString()))
                .body("interceptions[0].attempts[0].category", equalTo("overloaded"))
                .body("next", nullValue());
    }

    @ParameterizedTest
    @CsvSource({
        "error_type, foo, rate_limited",
        "category, context-limit, context_limit",
        "outcome, ok, canceled",
        "limit, 0, 1000",
        "limit, 1001, 1000",
        "limit, 99999999999, 1000",
        "limit, ten, 1000",
        "since, yesterday, 2026-01-31T09:30:00Z",
        "until, 1700000000, 2026-01-31T09:30:00Z",
        "cursor, zzz, next",
        "errortype, timeout, error_type"
    })
    void wrongParameterIsNamedWithWhatWouldBeRight(String parameter, String value, String cure) {
        SERVER.client()
                .queryParam(parameter, value)
                .get("/penstock/v1/interceptions")
                .then()
                .statusCode(400)
                .contentType("application/problem+json")
                .body("status", is(400))
                .body("title", equalTo("Bad Request"))
                .body("errors.parameter", contains(parameter))
                .body("detail", containsString(cure));
    }

    @Test
    void allWrongParametersAreToldAtOnceWithTheirAllowedValues() {
        SERVER.get("/penstock/v1/interceptions?error_type=foo&limit=x&outcome=success&outcome=error")
                .statusCode(400)
                .body("errors.parameter", contains("error_type", "outcome", "limit"))
                .body("errors[0].allowed", hasItems("bad_request", "unknown"));
    }

    @Test
    void oneInterceptionIsFoundByItsId() {
        SERVER.get("/penstock/v1/interceptions/" + Sample.id(101).toString().toUpperCase(Locale.ROOT))
                .statusCode(200)
                .body("error_category", equalTo("overloaded"))
                .body("pod.name", equalTo("web-1"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"01950000-9999-7000-8000-000000000001", "1-1-1-1-1", "nothing"})
    void idThatIsNotKeptIsNotFound(String id) {
        SERVER.get("/penstock/v1/interceptions/" + id).statusCode(404).contentType("application/problem+json");
    }

    @Test
    void threadTellsTheErrorOfItsRoot() {
        SERVER.client()
                .get("/penstock/v1/threads/{id}", "a/b c")
                .then()
                .statusCode(200)
                .body("thread_id", equalTo("a/b c"))
                .body(
                        "interceptions.id",
                        contains(Sample.id(101).toString(), Sample.id(102).toString()))
                .body("error.error_type", equalTo("overloaded"))
                .body("error.error_message", equalTo("busy"))
                .body("truncated", is(false));
    }

    @Test
    void threadWithoutErrorAndLongThreadAndNoThread() {
        SERVER.get("/penstock/v1/threads/fine").statusCode(200).body("error", nullValue());
        SERVER.get("/penstock/v1/threads/long")
                .statusCode(200)
                .body("interceptions", hasSize(InterceptionEndpoints.LONGEST_THREAD))
                .body("interceptions[0].id", equalTo(Sample.id(201).toString()))
                .body("truncated", is(true));
        SERVER.get("/penstock/v1/threads/none").statusCode(404).contentType("application/problem+json");
    }

    @Test
    void upstreamsShowTheirCircuitAndNoSecret() {
        SERVER.get("/penstock/v1/upstreams")
                .statusCode(200)
                .body("upstreams[0].name", equalTo("primary"))
                .body("upstreams[0].url", equalTo("https://api.example:8443/base"))
                .body("upstreams[0].credentials", equalTo("keys"))
                .body("upstreams[0].key_hints", contains("sk-a…wxyz"))
                .body("upstreams[0].circuit", equalTo("open"))
                .body("upstreams[0].circuit_cause", equalTo("service_error"))
                .body("upstreams[0].open_for_ms", is(1500))
                .body("upstreams[0].circuits.scope", contains("upstream", "other"))
                .body("upstreams[0].circuits[0].open_for_ms", is(1500))
                .body("upstreams[0].circuits[1].state", equalTo("closed"))
                .body("upstreams[0].circuits[1].cause", nullValue())
                .body("upstreams[0].in_flight", is(7));
    }

    @Test
    void keysShowHintsReferencesAndStates() {
        SERVER.get("/penstock/v1/keys")
                .statusCode(200)
                .body("keys.hint", contains("sk-a…wxyz", "sk-b…wxyz"))
                .body("keys[0].upstream", equalTo("primary"))
                .body("keys[0].reference.env", equalTo("KEY"))
                .body("keys[0].state", equalTo("ready"))
                .body("keys[0].rests_for_ms", nullValue())
                .body("keys[0].refused_models", contains("gpt-5"))
                .body("keys[1].reference.file", equalTo("/keys/b"))
                .body("keys[1].state", equalTo("rejected"))
                .body("keys[1].rests_for_ms", is(60_000))
                .body("keys[1].cause", equalTo("auth_error"));
    }

    @Test
    void configShowsReferencesInTheWordsOfThePolicyFile() {
        SERVER.get("/penstock/v1/config")
                .statusCode(200)
                .body("file", equalTo("/etc/penstock/penstock.yaml"))
                .body("version", equalTo("v1"))
                .body("loaded_at", equalTo("2026-03-01T09:00:00.000Z"))
                .body("up_to_date", is(false))
                .body("problems[0].path", equalTo("upstreams[0].url"))
                .body("problems[0].severity", equalTo("error"))
                .body("policy.routes[0].deadline", equalTo("10m"))
                .body("policy.routes[0].upstreams[1].models[0].to", equalTo("gpt-5-prod"))
                .body("policy.upstreams[0].credentials", equalTo("passthrough"))
                .body("policy.upstreams[0].url", equalTo("https://api.primary.example:8443/base"))
                .body("policy.upstreams[1].credentials", hasSize(2))
                .body("policy.upstreams[1].credentials[0].env", equalTo("AZURE_KEY"))
                .body("policy.upstreams[1].credentials[1].file", equalTo("/keys/b"))
                .body("policy.upstreams[0].timeouts.idle", equalTo("1500ms"))
                .body("policy.upstreams[0].retry.budget.minPerSecond", is(3.0f))
                .body("policy.records.store", equalTo("memory"))
                .body("toString()", not(containsString("secret")));
    }
}
