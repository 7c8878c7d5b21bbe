package io.penstock.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Values that are wrong are refused with a message that names the value and, where there are few, what is allowed. */
class WrongValuesTest {
    static Stream<Arguments> wrong() {
        return Stream.of(
                        List.of("injecter.replicas=3", "injecter"),
                        List.of("injector.replica=3", "injector", "replica"),
                        List.of("injector.replicas=two", "replicas", "integer"),
                        List.of("injector.replicas=0", "replicas", "1"),
                        List.of("injector.logLevel=LOUD", "logLevel", "INFO"),
                        List.of("image.pullPolicy=Sometimes", "pullPolicy", "IfNotPresent"),
                        List.of("image.tag=a b", "tag"),
                        List.of("image.digest=sha256:12", "digest"),
                        List.of("webhook.failurePolicy=Open", "failurePolicy", "Ignore"),
                        List.of("webhook.timeoutSeconds=31", "timeoutSeconds", "30"),
                        List.of("webhook.certificates.mode=helm", "mode", "certManager"),
                        List.of("webhook.certificates.mode=given", "secretName"),
                        List.of(
                                "webhook.certificates.self.renewBeforeDays=1825",
                                "renewBeforeDays (1825) must be less than validityDays (1825)"),
                        List.of("sidecar.drain=30", "drain"),
                        List.of("sidecar.native=yes", "native", "never"),
                        List.of("sidecar.runAsUser=0", "runAsUser", "1"),
                        List.of("interception=proxy", "interception", "redirect"),
                        List.of("interception=redirect", "hosts"),
                        List.of("redirect.ports={0}", "ports"),
                        List.of("policy.content={a}", "content", "object"),
                        List.of("networkPolicy.apiServer.cidrs={10.0.0.1}", "cidrs"),
                        List.of("metrics.podMonitor.enabled=maybe", "enabled", "auto"),
                        List.of("metrics.prometheusRule.thresholds.errorRatio=5", "errorRatio", "1"),
                        List.of(
                                "metrics.prometheusRule.enabled=true,metrics.prometheusRule.disabled={PenstockTypo}",
                                "PenstockTypo",
                                "PenstockErrorsHigh"))
                .flatMap(row -> Stream.of(Tool.HELM3, Tool.HELM4)
                        .map(helm -> arguments(row.get(0), helm, row.subList(1, row.size()))));
    }

    @ParameterizedTest
    @MethodSource("wrong")
    void isRefusedByItsName(String value, Tool helm, List<String> said) {
        Tool.Run run = Chart.tryTemplate(helm, List.of("--set", value));

        assertThat(run.exit()).as(run.out()).isNotZero();
        assertThat(run.err()).contains(said);
    }
}
