package io.penstock.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Grafana dashboard: every panel asks for metrics that exist, in PromQL that parses. */
class DashboardTest {
    private static final Path FILE = Chart.HOME.resolve("dashboards/penstock.json");

    private final JsonNode dashboard = read();

    @Test
    void asksOnlyForWhatIsDocumented() {
        Metrics metrics = Metrics.documented();

        assertThat(expressions())
                .hasSizeGreaterThan(30)
                .allSatisfy(expression ->
                        assertThat(metrics.unknownIn(expression)).as(expression).isEmpty());
    }

    @Test
    void showsEveryMetric() {
        Set<String> missing = new HashSet<>(Metrics.documented().names());
        String all = String.join("\n", expressions());
        missing.removeIf(name -> all.contains(name)
                || name.endsWith("_sum")
                || name.endsWith("_count")
                || name.endsWith("_max")
                || (name.endsWith("_bucket") && all.contains(name.replaceAll("_bucket$", "_sum"))));

        assertThat(missing).isEmpty();
    }

    @Test
    void parses(@TempDir Path directory) {
        List<String> plain = expressions().stream()
                .filter(expression -> !expression.startsWith("label_values("))
                .map(expression -> expression.replace("$__rate_interval", "5m"))
                .toList();
        assertThat(plain).isNotEmpty();

        Tool.Run run = Tool.PROMTOOL.run(
                List.of("check", "rules", Metrics.asRules(plain, directory).toString()));

        assertThat(run.exit()).as(run.out() + run.err()).isZero();
        assertThat(run.out()).contains(plain.size() + " rules found");
    }

    @Test
    void placesPanelsSideBySideWithoutOverlap() {
        Set<Integer> ids = new HashSet<>();
        Set<String> cells = new HashSet<>();
        for (JsonNode panel : dashboard.get("panels")) {
            assertThat(ids.add(panel.get("id").intValue())).isTrue();
            JsonNode place = panel.get("gridPos");
            assertThat(place.get("x").intValue() + place.get("w").intValue()).isLessThanOrEqualTo(24);
            for (int x = 0; x < place.get("w").intValue(); x++) {
                for (int y = 0; y < place.get("h").intValue(); y++) {
                    assertThat(cells.add((place.get("x").intValue() + x) + ":"
                                    + (place.get("y").intValue() + y)))
                            .as(panel.get("title").textValue())
                            .isTrue();
                }
            }
        }
        assertThat(ids).hasSizeGreaterThan(20);
    }

    @Test
    void usesVariablesThatItDeclares() {
        Set<String> declared = new HashSet<>(Set.of("__rate_interval"));
        dashboard
                .at("/templating/list")
                .forEach(variable -> declared.add(variable.get("name").textValue()));

        assertThat(expressions()).allSatisfy(expression -> assertThat(
                        Pattern.compile("\\$(\\w+)").matcher(expression).results())
                .allSatisfy(variable -> assertThat(variable.group(1)).isIn(declared)));
    }

    private List<String> expressions() {
        List<String> expressions = new ArrayList<>();
        dashboard.get("panels").forEach(panel -> panel.path("targets")
                .forEach(target -> expressions.add(target.get("expr").textValue())));
        dashboard
                .at("/annotations/list")
                .forEach(annotation -> expressions.add(annotation.get("expr").textValue()));
        dashboard.at("/templating/list").forEach(variable -> {
            if (variable.get("type").textValue().equals("query")) {
                expressions.add(variable.get("definition").textValue());
            }
        });
        return expressions;
    }

    private static JsonNode read() {
        try {
            return new ObjectMapper().readTree(Chart.text(FILE));
        } catch (IOException e) {
            throw new AssertionError(FILE.toString(), e);
        }
    }
}
