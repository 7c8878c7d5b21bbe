package io.penstock.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.is;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.penstock.classify.Category;
import io.penstock.record.Sample;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AdminEdgeTest {
    private static final AdminServer SERVER = new AdminServer();

    @AfterAll
    static void stop() {
        SERVER.stop();
    }

    @Test
    void openApiListsExactlyTheMountedPathsAndParameters() throws Exception {
        JsonNode document = new ObjectMapper()
                .readTree(SERVER.get("/penstock/v1/openapi.json")
                        .statusCode(200)
                        .contentType("application/json")
                        .extract()
                        .asByteArray());

        assertThat(document.get("openapi").asText()).startsWith("3.1.");
        assertThat(names(document.get("paths")))
                .isEqualTo(SERVER.endpoints().stream()
                        .map(AdminRoutes.Endpoint::path)
                        .collect(Collectors.toCollection(TreeSet::new)));
        JsonNode list = document.at("/paths/~1v1~1interceptions/get/parameters");
        String allowed = SERVER.get("/penstock/v1/interceptions?nonsense=1")
                .extract()
                .path("errors[0].allowed")
                .toString();
        assertThat(list.findValuesAsText("name")).hasToString(allowed);
        assertThat(list.at("/1/schema/enum"))
                .extracting(JsonNode::asText)
                .containsExactlyElementsOf(
                        Category.builtIn().stream().map(Category::name).toList());
    }

    @Test
    void openApiDescribesEveryFieldOfAnInterception() throws Exception {
        JsonNode document = new ObjectMapper()
                .readTree(SERVER.get("/penstock/v1/openapi.json").extract().asByteArray());
        JsonNode interception = new ObjectMapper()
                .readTree(SERVER.get("/penstock/v1/interceptions/" + Sample.id(101))
                        .extract()
                        .asByteArray());

        assertThat(names(document.at("/components/schemas/Interception/properties")))
                .isEqualTo(names(interception));
        assertThat(names(document.at("/components/schemas/Attempt/properties")))
                .isEqualTo(names(interception.at("/attempts/0")));
        assertThat(document.findValuesAsText("$ref")).isNotEmpty().allSatisfy(ref -> assertThat(
                        document.at(ref.substring(1)).isObject())
                .as(ref)
                .isTrue());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/penstock", "/penstock/", "/penstock/v1", "/penstock/v2/interceptions", "/penstock/v1/keys/x"})
    void nothingElseUnderThePrefixIsRelayed(String path) {
        SERVER.get(path).statusCode(404).contentType("application/problem+json").body("status", is(404));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/penstocks/v1/upstreams", "/openai/v1/models", "/"})
    void otherPathsAreLeftToTheDataPlane(String path) {
        SERVER.get(path).statusCode(200).body(equalTo("relayed"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "DELETE", "PATCH", "OPTIONS"})
    void wrongMethodIsToldTheRightOnes(String method) {
        SERVER.client()
                .request(method, "/penstock/v1/interceptions")
                .then()
                .statusCode(405)
                .header("allow", "GET, HEAD")
                .contentType("application/problem+json");
    }

    @Test
    void headIsAnsweredLikeGetWithoutTheBody() {
        SERVER.client().head("/penstock/v1/upstreams").then().statusCode(200).contentType("application/json");
    }

    @ParameterizedTest
    @ValueSource(strings = {"evil.example", "evil.example:4100", "127.0.0.1.evil.example", "localhost.evil.example"})
    void hostThatANameServerCouldGiveAwayIsRefused(String host) {
        SERVER.client()
                .header("host", host)
                .get("/penstock/v1/interceptions")
                .then()
                .statusCode(403)
                .contentType("application/problem+json")
                .body("detail", containsString("localhost"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost:4100", "LOCALHOST", "127.0.0.1:8080", "10.1.2.3", "[::1]:4100", "app.localhost"})
    void portForwardAndAddressesAreAccepted(String host) {
        SERVER.client()
                .header("host", host)
                .get("/penstock/v1/upstreams")
                .then()
                .statusCode(200);
    }

    @Test
    void brokenPercentEncodingIsABadRequest() {
        // REST-assured cannot send it.
        int status = SERVER.vertx()
                .createHttpClient()
                .request(HttpMethod.GET, SERVER.port(), "127.0.0.1", "/penstock/v1/interceptions?model=%zz")
                .compose(HttpClientRequest::send)
                .map(HttpClientResponse::statusCode)
                .toCompletionStage()
                .toCompletableFuture()
                .join();

        assertThat(status).isEqualTo(400);
    }

    private static Set<String> names(JsonNode object) {
        Set<String> names = new TreeSet<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }
}
