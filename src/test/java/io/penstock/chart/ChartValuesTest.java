package io.penstock.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The chart's values: the file's comments, the schema and the table of the reference say the same. */
class ChartValuesTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path REFERENCE = Path.of("docs/kubernetes.md");
    private static final Pattern TABLE = Pattern.compile(
            "(?s)(?<=<!-- values: made from helm/penstock/values.yaml -->\n).*?(?=<!-- end of values -->)");
    private static final Pattern KEY = Pattern.compile("( *)([A-Za-z0-9]+):(.*)");

    /** A value that has none below it, in the order of the file. */
    private record Documented(String path, String comment, JsonNode value) {}

    private final JsonNode schema = schema();

    @Test
    void everyValueHasAComment() {
        assertThat(documented()).hasSizeGreaterThan(60).allSatisfy(value -> assertThat(value.comment())
                .as(value.path())
                .endsWith(".")
                .hasSizeGreaterThan(15));
    }

    @Test
    void theSchemaHasEveryValueWithTypeAndComment() {
        assertThat(documented()).allSatisfy(value -> {
            JsonNode node = at(value.path());
            assertThat(node.path("description").asText()).as(value.path()).isEqualTo(value.comment());
            assertThat(node.has("type") || node.has("enum") || node.has("oneOf"))
                    .as(value.path())
                    .isTrue();
        });
    }

    @Test
    void theSchemaHasNoValueThatTheFileLacks() {
        List<String> inSchema = new ArrayList<>();
        collect(schema, "", inSchema);
        inSchema.remove("global");

        assertThat(inSchema)
                .containsExactlyInAnyOrderElementsOf(
                        documented().stream().map(Documented::path).toList());
    }

    @Test
    void theSchemaIsClosedWhereverItNamesKeys() {
        List<String> open = new ArrayList<>();
        closed(schema, "values", open);

        assertThat(open).isEmpty();
    }

    @Test
    void theDefaultsFitTheSchema() throws IOException {
        String values = JSON.writeValueAsString(Chart.values());

        assertThat(SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_7)
                        .getSchema(schema.toString(), InputFormat.JSON)
                        .validate(values, InputFormat.JSON))
                .isEmpty();
    }

    @Test
    void theReferenceHasARowForEveryValue() throws IOException {
        StringBuilder rows = new StringBuilder("| value | default | meaning |\n|---|---|---|\n");
        for (Documented value : documented()) {
            rows.append("| `").append(value.path()).append("` | `");
            rows.append(value.value()).append("` | ");
            rows.append(value.comment()).append(" |\n");
        }
        String reference = Chart.text(REFERENCE);
        assertThat(reference).containsPattern(TABLE);

        Expected.inStep(REFERENCE, TABLE.matcher(reference).replaceFirst(Matcher.quoteReplacement(rows.toString())));
    }

    /** Reads the comments, which a YAML parser drops: a line of the file is blank, a comment, or begins with its key. */
    private List<Documented> documented() {
        List<Documented> values = new ArrayList<>();
        List<String> place = new ArrayList<>();
        List<String> comment = new ArrayList<>();
        for (String line : Chart.text(Chart.HOME.resolve("values.yaml")).lines().toList()) {
            Matcher key = KEY.matcher(line);
            if (line.strip().startsWith("#")) {
                comment.add(line.strip().substring(1).strip());
                continue;
            }
            if (key.matches()) {
                int depth = key.group(1).length() / 2;
                place.subList(Math.min(depth, place.size()), place.size()).clear();
                place.add(key.group(2));
                String path = String.join(".", place);
                boolean belowAValue = IntStream.range(1, place.size())
                        .anyMatch(length -> !named(at(String.join(".", place.subList(0, length)))));
                if (!belowAValue && !named(at(path))) {
                    values.add(new Documented(path, String.join(" ", comment), value(path)));
                }
            }
            comment.clear();
        }
        return values;
    }

    private static JsonNode value(String path) {
        return JSON.valueToTree(Chart.values()).at("/" + path.replace('.', '/'));
    }

    private JsonNode at(String path) {
        return schema.at("/properties/" + path.replace(".", "/properties/"));
    }

    /** Whether the schema names the keys below a value that is a mapping of the chart's own, not of Kubernetes. */
    private static boolean named(JsonNode node) {
        return node.has("properties") && !node.path("properties").has("requests") && !isReference(node);
    }

    /** A reference to an object is one value, though it has parts. */
    private static boolean isReference(JsonNode node) {
        return node.path("properties").has("kind");
    }

    private static void collect(JsonNode node, String path, List<String> paths) {
        if (!named(node)) {
            paths.add(path);
            return;
        }
        Map<String, JsonNode> below = new TreeMap<>();
        node.get("properties").properties().forEach(property -> below.put(property.getKey(), property.getValue()));
        below.forEach((key, value) -> collect(value, path.isEmpty() ? key : path + "." + key, paths));
    }

    private static void closed(JsonNode node, String path, List<String> open) {
        if (node.has("properties") && node.has("type")) {
            if (!node.path("additionalProperties").isBoolean()
                    || node.path("additionalProperties").booleanValue()) {
                open.add(path);
            }
            node.get("properties")
                    .properties()
                    .forEach(property -> closed(property.getValue(), path + "." + property.getKey(), open));
        }
        if (node.has("items")) {
            closed(node.get("items"), path + "[]", open);
        }
    }

    private static JsonNode schema() {
        try {
            return JSON.readTree(Chart.text(Chart.HOME.resolve("values.schema.json")));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
