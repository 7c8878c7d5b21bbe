package io.penstock.classify;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** The captured answers under {@code src/test/resources/corpus}, each with its source and what it means. */
public final class Corpus {
    private static final List<String> ASKED = List.of("dialect", "status", "headers", "body", "stream", "failure");

    private Corpus() {}

    /** What was given. */
    public static List<JsonNode> rows() {
        return rows("provider-errors.json");
    }

    /** What was collected beyond that. */
    public static List<JsonNode> collected() {
        return rows("collected-errors.json");
    }

    private static List<JsonNode> rows(String file) {
        List<JsonNode> rows = new ArrayList<>();
        try (InputStream in = Objects.requireNonNull(Corpus.class.getResourceAsStream("/corpus/" + file), file)) {
            new ObjectMapper().readTree(in).forEach(rows::add);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return rows;
    }

    /** What {@code POST /penstock/v1/classify} is asked about a row. */
    public static ObjectNode question(JsonNode row) {
        ObjectNode question = JsonNodeFactory.instance.objectNode();
        ASKED.stream().filter(row::has).forEach(field -> question.set(field, row.get(field)));
        return question;
    }

    /** Holds an explanation against what the row wants. */
    public static void check(JsonNode row, JsonNode explanation) {
        JsonNode expect = row.path("expect");
        assertThat(explanation.path("outcome").asText())
                .as("outcome of %s", explanation)
                .isEqualTo(expect.path("outcome").asText());
        assertThat(expect.path("error_type"))
                .as("error types wanted, of %s", explanation)
                .contains(explanation.path("error_type"));
        assertThat(expect.path("category"))
                .as("categories wanted, of %s", explanation)
                .contains(explanation.path("category"));
        for (String field : List.of("failover", "retry_same")) {
            if (expect.hasNonNull(field)) {
                assertThat(explanation.path(field))
                        .as("%s of %s", field, explanation)
                        .isEqualTo(expect.path(field));
            }
        }
    }
}
