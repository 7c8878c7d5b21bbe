package io.penstock.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.penstock.classify.Corpus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** {@code POST /penstock/v1/classify} on the packaged program, asked about every captured answer there is. */
class ClassifyApiIT {
    private static final String PATH = "/penstock/v1/classify";

    @TempDir
    static Path directory;

    @SuppressWarnings("NullAway.Init")
    private static PenstockProcess penstock;

    @SuppressWarnings("NullAway.Init")
    private static RawClient client;

    @BeforeAll
    static void start() throws IOException {
        Path policy = Files.writeString(directory.resolve("penstock.yaml"), "rules: []\n");
        penstock = PenstockProcess.serve(policy);
        client = penstock.connect();
    }

    @AfterAll
    static void stop() throws IOException {
        client.close();
        penstock.close();
    }

    @TestFactory
    Stream<DynamicTest> judgesEveryRow() {
        return Stream.concat(Corpus.given().stream(), Corpus.collected().stream())
                .map(row -> DynamicTest.dynamicTest(row.path("id").asText(), () -> judge(row)));
    }

    @Test
    void namesTheFieldOfABadQuestion() throws IOException {
        RawAnswer answer = ask("{\"dialect\":\"openai\",\"status\":\"429\",\"body\":\"\"}");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.header("content-type")).startsWith("application/problem+json");
        assertThat(answer.text()).contains("\"status\"");
    }

    @Test
    void refusesWhatIsTooMuchOrTooDeepAndGoesOn() throws IOException {
        List<Integer> statuses = new ArrayList<>();
        for (String question : List.of(
                "",
                "{",
                "[]",
                "[".repeat(500_000),
                "{\"headers\":" + "{\"a\":".repeat(2_000) + "1" + "}".repeat(2_000) + "}",
                "{\"body\":\"" + "x".repeat(900_000) + "\",\"status\":429,\"dialect\":\"openai\"}")) {
            statuses.add(ask(question).status());
        }

        assertThat(statuses).containsExactly(400, 400, 400, 400, 400, 200);
        assertThat(ask("{\"dialect\":\"openai\",\"status\":529,\"body\":\"\"}").status())
                .isEqualTo(200);
    }

    private static void judge(JsonNode row) throws IOException {
        RawAnswer answer = ask(Corpus.question(row).toString());

        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        Corpus.check(row, answer.json());
    }

    private static RawAnswer ask(String question) throws IOException {
        return client.post(PATH, question, "Content-Type: application/json").read();
    }
}
