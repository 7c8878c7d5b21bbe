package io.penstock.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.penstock.classify.Corpus;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every captured answer, asked of a gateway as it runs. */
class ClassifyApiIT {
    private static final ObjectMapper JSON = new ObjectMapper();

    @SuppressWarnings("NullAway.Init")
    private static PenstockProcess penstock;

    @BeforeAll
    static void start() throws IOException {
        penstock = PenstockProcess.serve(Map.of());
    }

    @AfterAll
    static void stop() throws InterruptedException {
        penstock.stop();
    }

    @TestFactory
    Stream<DynamicTest> judgesEveryRow() {
        return Stream.concat(Corpus.given().stream(), Corpus.collected().stream())
                .map(row -> DynamicTest.dynamicTest(row.path("id").asText(), () -> judge(row)));
    }

    private static void judge(JsonNode row) throws IOException, InterruptedException {
        HttpResponse<String> answer =
                penstock.post("/penstock/v1/classify", Corpus.question(row).toString());

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        Corpus.check(row, JSON.readTree(answer.body()));
    }
}
