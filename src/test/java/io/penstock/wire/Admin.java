package io.penstock.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.function.Predicate;

/** Reads the admin API. Records are written behind the traffic, so they are awaited. */
record Admin(PenstockProcess penstock) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    JsonNode get(String path) throws IOException, InterruptedException {
        HttpResponse<String> answer = penstock.get("/penstock/v1" + path);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return JSON.readTree(answer.body());
    }

    /** The record of an answer's interception. */
    JsonNode recordOf(RawAnswer answer) {
        return record(answer.header("x-penstock-id"));
    }

    JsonNode record(String id) {
        assertThat(id).as("x-penstock-id").isNotNull();
        await("record " + id)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> penstock.get("/penstock/v1/interceptions/" + id).statusCode() == 200);
        try {
            return get("/interceptions/" + id);
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** The newest record, once it is like that. */
    JsonNode newest(Predicate<JsonNode> like) {
        return await("newest record")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> get("/interceptions?limit=1").path("interceptions").path(0), like);
    }
}
