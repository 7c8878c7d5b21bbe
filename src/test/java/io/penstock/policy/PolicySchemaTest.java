package io.penstock.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The published schema, the reader, the examples and the reference say the same. */
class PolicySchemaTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern YAML_BLOCK = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL);
    private static final JsonNode TREE = tree();
    private static final Schema SCHEMA = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(TREE.toString(), InputFormat.JSON);

    private final PolicyReader reader = new PolicyReader(References.UNCHECKED, Path.of("/policies/penstock.yaml"));

    @ParameterizedTest
    @MethodSource("publishedFiles")
    void publishedFilesAreGood(String name, String yaml) {
        assertThat(SCHEMA.validate(json(yaml), InputFormat.JSON)).isEmpty();
        assertThat(reader.read(yaml))
                .isInstanceOfSatisfying(PolicyReading.Valid.class, valid -> assertThat(valid.warnings())
                        .isEmpty());
    }

    static Stream<String[]> publishedFiles() throws IOException {
        List<String[]> published = new ArrayList<>();
        try (Stream<Path> examples = Files.list(Path.of("docs/examples"))) {
            examples.sorted().forEach(path -> published.add(new String[] {path.toString(), text(path)}));
        }
        List<String> blocks = YAML_BLOCK
                .matcher(text(Path.of("docs/policy.md")))
                .results()
                .map(result -> result.group(1))
                .toList();
        assertThat(published).hasSizeGreaterThanOrEqualTo(4);
        assertThat(blocks).hasSizeGreaterThanOrEqualTo(2);
        blocks.forEach(block -> published.add(new String[] {"docs/policy.md", block}));
        return published.stream();
    }

    @Test
    void theSchemaHasTheKeysOfTheReader() {
        Map<String, Set<String>> inSchema = new HashMap<>();
        collectKeys(TREE, "", inSchema);
        Map<String, Set<String>> inReader = new HashMap<>();
        for (Keys keys : Keys.values()) {
            inReader.put(keys.path(), new HashSet<>(keys.names()));
        }

        assertThat(inSchema).isEqualTo(inReader);
    }

    @Test
    void theReferenceNamesEveryKey() {
        String reference = text(Path.of("docs/policy.md"));

        for (Keys keys : Keys.values()) {
            assertThat(keys.names()).allSatisfy(name -> assertThat(reference)
                    .containsPattern("(?m)^(\\||#).*[`.\\]]" + name + "[`.\\[]"));
        }
    }

    @Test
    void theSchemaHasTheDefaultsOfTheReader() {
        String written = "upstreams: ["
                + schemaDefaults("upstream", "name: openai, url: 'https://x.example', " + "dialect: openai")
                + "]\nrecords: " + schemaDefaults("records", "") + "\n";
        String routed = "routes: ["
                + schemaDefaults(
                        "route",
                        "name: r, dialect: openai, upstreams: [" + schemaDefaults("target", "name: openai") + "]")
                + "]\n";

        Policy policy = ((PolicyReading.Valid) reader.read(routed + written)).policy();
        Policy bare = ((PolicyReading.Valid) reader.read("""
                routes: [{name: r, dialect: openai, upstreams: [{name: openai}]}]
                upstreams: [{name: openai, url: 'https://x.example', dialect: openai}]
                """)).policy();

        assertThat(written).contains("\"window\":20").contains("\"capacity\":10000");
        assertThat(routed).contains("\"deadline\":\"10m\"").contains("\"priority\":1");
        assertThat(policy.routes()).isEqualTo(bare.routes());
        assertThat(policy.upstreams()).isEqualTo(bare.upstreams());
        assertThat(policy.records()).isEqualTo(bare.records());
    }

    /** The schema is what editors trust: it must not redden a file that Penstock takes. */
    @Property(tries = 2_000)
    void whatTheReaderTakesTheSchemaTakes(@ForAll("spoiltFiles") String yaml) {
        if (reader.read(yaml) instanceof PolicyReading.Valid) {
            assertThat(SCHEMA.validate(json(yaml), InputFormat.JSON)).as(yaml).isEmpty();
        }
    }

    @Provide
    Arbitrary<String> spoiltFiles() {
        String good = text(Path.of("docs/policy.md"));
        List<MatchResult> scalars = Pattern.compile("(?<=: )[A-Za-z0-9:/.-]+")
                .matcher(allKeys(good))
                .results()
                .toList();
        Arbitrary<String> values = Arbitraries.of(
                "0",
                "00",
                "7",
                "0.5",
                ".5",
                "1e3",
                "1_000",
                "0x10",
                "-1",
                "true",
                "~",
                "''",
                "' '",
                "x",
                "X",
                "0s",
                "007s",
                "9h",
                "25h",
                "1KiB",
                "0KiB",
                "1 KiB",
                "'5'",
                "http://a",
                "HTTP://A:1/b",
                "https://a:b",
                "none",
                "gemini",
                "file",
                "[]",
                "{}",
                "[{env: A}]",
                "[{file: a}, {env: B}]",
                "[/a]",
                "['/ü']",
                "2026-01-01",
                "!x 7",
                "!!str 7");
        return Combinators.combine(Arbitraries.of(scalars), values)
                .as((scalar, value) -> new StringBuilder(allKeys(good))
                        .replace(scalar.start(), scalar.end(), value)
                        .toString());
    }

    private static String allKeys(String reference) {
        return YAML_BLOCK
                .matcher(reference)
                .results()
                .map(result -> result.group(1))
                .filter(block -> block.contains("circuit"))
                .findFirst()
                .orElseThrow();
    }

    /** A JSON mapping with every default that the schema names, after the given keys. */
    private static String schemaDefaults(String definition, String keys) {
        List<String> entries = new ArrayList<>();
        if (!keys.isEmpty()) {
            entries.add(keys);
        }
        entries.addAll(defaults(TREE.at("/$defs/" + definition)));
        return "{" + String.join(", ", entries) + "}";
    }

    private static List<String> defaults(JsonNode schema) {
        List<String> entries = new ArrayList<>();
        schema.path("properties").properties().forEach(property -> {
            JsonNode value = property.getValue();
            if (value.has("default")) {
                entries.add("\"" + property.getKey() + "\":" + value.get("default"));
            } else if (value.has("properties") && !defaults(value).isEmpty()) {
                entries.add("\"" + property.getKey() + "\":{" + String.join(", ", defaults(value)) + "}");
            }
        });
        return entries;
    }

    private static void collectKeys(JsonNode schema, String path, Map<String, Set<String>> keys) {
        JsonNode resolved =
                schema.has("$ref") ? TREE.at(schema.get("$ref").textValue().substring(1)) : schema;
        resolved.path("oneOf").forEach(choice -> collectKeys(choice, path, keys));
        if (resolved.has("items")) {
            collectKeys(resolved.get("items"), path + "[]", keys);
        }
        resolved.path("properties").properties().forEach(property -> {
            keys.computeIfAbsent(path, p -> new HashSet<>()).add(property.getKey());
            collectKeys(property.getValue(), path.isEmpty() ? property.getKey() : path + "." + property.getKey(), keys);
        });
    }

    private static String json(String yaml) {
        Object document = new Yaml(new SafeConstructor(new LoaderOptions())).load(yaml);
        return JSON.valueToTree(document).toString();
    }

    private static JsonNode tree() {
        try (InputStream in = PolicySchemaTest.class.getResourceAsStream("/penstock-policy.schema.json")) {
            return JSON.readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String text(Path path) {
        try {
            return Files.readString(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
