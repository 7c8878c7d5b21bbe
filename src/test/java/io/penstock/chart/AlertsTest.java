package io.penstock.chart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The alerts: they ask for metrics that exist, fire when they should and not otherwise, and each has its place in the runbook. */
class AlertsTest {
    private static final Path RULE_TESTS = Path.of("src/test/resources/chart/alerts-test.yaml");
    private static final Path RULES = Path.of("deploy/prometheus/penstock-rules.yaml");

    @Test
    void askOnlyForWhatIsDocumented() {
        Metrics metrics = Metrics.documented();

        assertThat(rules(Tool.HELM4)).hasSizeGreaterThan(12).allSatisfy(rule -> assertThat(
                        metrics.unknownIn(rule.get("expr").toString()))
                .as("%s", rule.get("alert"))
                .isEmpty());
    }

    @Test
    void haveARunbookSectionEach() {
        String runbook = Chart.text(Path.of("docs/troubleshooting.md"));
        Set<String> alerts = rules(Tool.HELM4).stream()
                .map(rule -> rule.get("alert").toString())
                .collect(Collectors.toSet());

        assertThat(Pattern.compile("(?m)^### (Penstock[A-Za-z]+)$")
                        .matcher(runbook)
                        .results())
                .extracting(heading -> heading.group(1))
                .containsExactlyInAnyOrderElementsOf(alerts);
        assertThat(rules(Tool.HELM4)).allSatisfy(rule -> assertThat(
                        Chart.map(rule.get("annotations")).get("runbook_url"))
                .isEqualTo("docs/troubleshooting.md#"
                        + rule.get("alert").toString().toLowerCase(Locale.ROOT)));
    }

    @Test
    void saySeverityAndWhatIsWrong() {
        assertThat(rules(Tool.HELM4)).allSatisfy(rule -> {
            assertThat(Chart.map(rule.get("labels")).get("severity")).isIn("critical", "warning", "info");
            assertThat(Chart.map(rule.get("annotations"))).containsOnlyKeys("summary", "description", "runbook_url");
        });
    }

    @ParameterizedTest
    @EnumSource(names = {"HELM3", "HELM4"})
    void areInDeployAsTheChartHasThem(Tool helm) {
        Expected.inStep(RULES, Chart.dump(List.of(Chart.map(rule(helm).get("spec")))));
    }

    @Test
    void areGoodToPromtool() {
        Tool.Run run = Tool.PROMTOOL.run(List.of("check", "rules", RULES.toString()));

        assertThat(run.exit()).as(run.out() + run.err()).isZero();
    }

    /** Each alert has a test of its rise and one of its silence in {@code alerts-test.yaml}. */
    @Test
    void fireWhenTheyShouldAndNotOtherwise(@TempDir Path directory) throws IOException {
        Path tests = Files.writeString(
                directory.resolve("alerts-test.yaml"),
                Chart.text(RULE_TESTS).replace("RULES", RULES.toAbsolutePath().toString()));

        Tool.Run run = Tool.PROMTOOL.run(List.of("test", "rules", tests.toString()));

        assertThat(run.exit()).as(run.out() + run.err()).isZero();
    }

    @Test
    void areAllTestedToRiseAndToStaySilent() {
        Map<String, Object> tests = Chart.map(Chart.yaml().load(Chart.text(RULE_TESTS)));
        Set<String> alerts = rules(Tool.HELM4).stream()
                .map(rule -> rule.get("alert").toString())
                .collect(Collectors.toSet());

        List<Map<String, Object>> cases = Chart.maps(tests.get("tests")).stream()
                .flatMap(test -> Chart.maps(test.get("alert_rule_test")).stream())
                .toList();

        assertThat(cases.stream().filter(test -> test.containsKey("exp_alerts")))
                .extracting(test -> test.get("alertname").toString())
                .containsAll(alerts);
        assertThat(cases.stream().filter(test -> !test.containsKey("exp_alerts")))
                .extracting(test -> test.get("alertname").toString())
                .containsAll(alerts);
    }

    private static List<Map<String, Object>> rules(Tool helm) {
        return Chart.maps(Chart.map(rule(helm).get("spec")).get("groups")).stream()
                .flatMap(group -> Chart.maps(group.get("rules")).stream())
                .toList();
    }

    private static Map<String, Object> rule(Tool helm) {
        return Chart.template(helm, List.of("--set", "metrics.prometheusRule.enabled=true")).stream()
                .filter(object -> object.get("kind").equals("PrometheusRule"))
                .findFirst()
                .orElseThrow();
    }
}
