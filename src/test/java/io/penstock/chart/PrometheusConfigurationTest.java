package io.penstock.chart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The configuration for a Prometheus without the operator. */
class PrometheusConfigurationTest {
    private static final Path FILE = Path.of("deploy/prometheus/prometheus.yaml");
    private static final String DISCOVERY = "    kubernetes_sd_configs:\n      - role: pod\n";

    /** Debian's promtool is built without the discovery of Kubernetes, so that one key is checked by its text. */
    @Test
    void isGoodToPromtoolTogetherWithItsRules(@TempDir Path directory) throws IOException {
        String configuration = Chart.text(FILE);
        assertThat(configuration).containsOnlyOnce(DISCOVERY);
        Path plain = Files.writeString(
                directory.resolve("prometheus.yaml"),
                configuration.replace(DISCOVERY, "    static_configs: [{targets: ['127.0.0.1:4190']}]\n"));
        Files.copy(FILE.resolveSibling("penstock-rules.yaml"), directory.resolve("penstock-rules.yaml"));

        Tool.Run run = Tool.PROMTOOL.run(List.of("check", "config", plain.toString()));

        assertThat(run.exit()).as(run.out() + run.err()).isZero();
        assertThat(run.out()).contains("1 rule files found");
    }

    @Test
    void keepsThePortsOfSidecarAndInjectorAndNoOthers() {
        Map<String, Object> job = Chart.maps(
                        Chart.map(Chart.yaml().load(Chart.text(FILE))).get("scrape_configs"))
                .get(0);
        String regex = Chart.maps(job.get("relabel_configs")).stream()
                .filter(rule -> "keep".equals(rule.get("action")))
                .map(rule -> rule.get("regex").toString())
                .findFirst()
                .orElseThrow();

        // Prometheus anchors the expression as a whole, and joins the labels by a semicolon.
        Pattern keep = Pattern.compile("^(?:" + regex + ")$");
        assertThat(List.of("penstock;penstock-mgmt", "injector;management")).allMatch(keep.asMatchPredicate());
        assertThat(List.of("penstock;data", "app;penstock-mgmt", "injector;webhook", "my-injector;management"))
                .noneMatch(keep.asMatchPredicate());
    }
}
