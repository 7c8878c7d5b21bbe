package io.penstock.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The certificate that Helm makes: it is right, and stays over upgrades. What an upgrade finds
 * comes from a {@link OneSecretCluster}.
 */
class SelfMadeCertificateTest {
    private static final String SECRET = "Secret penstock-system/penstock-injector-tls";
    private static final String NOT_AFTER = "penstock.io/not-after";

    @ParameterizedTest
    @EnumSource(names = {"HELM3", "HELM4"})
    void isSignedByTheAuthorityThatTheWebhookTrusts(Tool helm) throws GeneralSecurityException {
        Rendered rendered = new Rendered(Chart.template(helm, List.of()));

        X509Certificate authority = rendered.trusted().get(0);
        X509Certificate certificate = certificates(rendered.data("tls.crt")).get(0);
        assertThat(rendered.trusted()).hasSize(1).isEqualTo(certificates(rendered.data("ca.crt")));
        assertThatCode(() -> certificate.verify(authority.getPublicKey())).doesNotThrowAnyException();
        assertThat(certificate.getSubjectAlternativeNames())
                .extracting(name -> String.valueOf(name.get(1)))
                .containsExactlyInAnyOrder(
                        "penstock-injector.penstock-system.svc", "penstock-injector.penstock-system");
        assertThat(Duration.between(Instant.now(), certificate.getNotAfter().toInstant()))
                .isBetween(Duration.ofDays(1824), Duration.ofDays(1826));
        assertThat(rendered.notAfter())
                .isBetween(
                        certificate.getNotAfter().toInstant().minusSeconds(60),
                        certificate.getNotAfter().toInstant().plusSeconds(60));
    }

    @ParameterizedTest
    @EnumSource(names = {"HELM3", "HELM4"})
    void staysOverAnUpgradeWhileItLasts(Tool helm) throws IOException {
        Map<String, Object> installed = new Rendered(Chart.template(helm, List.of())).secret();

        Rendered upgraded = upgrade(helm, installed);

        assertThat(upgraded.secret().get("data")).isEqualTo(installed.get("data"));
        assertThat(upgraded.notAfter()).isEqualTo(Rendered.notAfter(installed));
        assertThat(upgraded.trusted()).isEqualTo(certificates(Rendered.data(installed, "ca.crt")));
    }

    @ParameterizedTest
    @EnumSource(names = {"HELM3", "HELM4"})
    void isRenewedWhenItsEndIsNearAndTheFormerAuthorityStaysTrusted(Tool helm) throws IOException {
        Map<String, Object> installed = new Rendered(Chart.template(helm, List.of())).secret();
        annotate(installed, Instant.now().plus(Duration.ofDays(364)));

        Rendered upgraded = upgrade(helm, installed);

        assertThat(upgraded.data("tls.crt")).isNotEqualTo(Rendered.data(installed, "tls.crt"));
        assertThat(upgraded.trusted())
                .isEqualTo(Stream.of(upgraded.data("ca.crt"), Rendered.data(installed, "ca.crt"))
                        .flatMap(pem -> certificates(pem).stream())
                        .toList());
        assertThat(upgraded.notAfter()).isAfter(Instant.now().plus(Duration.ofDays(1800)));

        Rendered upgradedAgain = upgrade(helm, upgraded.secret());

        assertThat(upgradedAgain.secret().get("data"))
                .isEqualTo(upgraded.secret().get("data"));
        assertThat(upgradedAgain.trusted()).isEqualTo(upgraded.trusted());
    }

    @ParameterizedTest
    @EnumSource(names = {"HELM3", "HELM4"})
    void isMadeAnewWhereTheSecretHasLostItsKey(Tool helm) throws IOException {
        Map<String, Object> installed = new Rendered(Chart.template(helm, List.of())).secret();
        Chart.map(installed.get("data")).remove("tls.key");

        Rendered upgraded = upgrade(helm, installed);

        assertThat(Chart.map(upgraded.secret().get("data"))).containsKeys("tls.crt", "tls.key", "ca.crt");
        assertThat(upgraded.data("tls.crt")).isNotEqualTo(Rendered.data(installed, "tls.crt"));
    }

    @ParameterizedTest
    @EnumSource(names = {"HELM3", "HELM4"})
    void givenCertificateWithoutAuthorityTakesThatOfTheSecret(Tool helm) throws IOException {
        Map<String, Object> secret = new Rendered(Chart.template(helm, List.of())).secret();
        List<String> given = List.of(
                "--set", "webhook.certificates.mode=given,webhook.certificates.given.secretName=penstock-injector-tls");

        Tool.Run refused = Chart.tryTemplate(helm, given);
        Rendered taken = upgrade(helm, secret, given);

        assertThat(refused.exit()).isNotZero();
        assertThat(refused.err()).contains("webhook.certificates.given.caBundle is empty", "no Secret");
        assertThat(taken.trusted()).isEqualTo(certificates(Rendered.data(secret, "ca.crt")));
    }

    /** What Helm makes of the chart where the cluster has that Secret. */
    private static Rendered upgrade(Tool helm, Map<String, Object> secret) throws IOException {
        return upgrade(helm, secret, List.of());
    }

    private static Rendered upgrade(Tool helm, Map<String, Object> secret, List<String> values) throws IOException {
        try (OneSecretCluster cluster = new OneSecretCluster(Chart.template(helm, List.of()), secret)) {
            List<String> arguments = new ArrayList<>(values);
            arguments.addAll(
                    List.of("--dry-run=server", "--disable-openapi-validation", "--kube-apiserver", cluster.address()));
            return new Rendered(Chart.template(helm, arguments));
        }
    }

    private static void annotate(Map<String, Object> secret, Instant notAfter) {
        Chart.map(Chart.map(secret.get("metadata")).get("annotations"))
                .put(NOT_AFTER, String.valueOf(notAfter.getEpochSecond()));
    }

    private static List<X509Certificate> certificates(String pem) {
        try {
            return CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(pem.getBytes(StandardCharsets.UTF_8)))
                    .stream()
                    .map(X509Certificate.class::cast)
                    .toList();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(pem, e);
        }
    }

    private record Rendered(List<Map<String, Object>> objects) {
        Map<String, Object> secret() {
            return objects.stream()
                    .filter(object -> Chart.identity(object).equals(SECRET))
                    .findFirst()
                    .orElseThrow();
        }

        String data(String key) {
            return data(secret(), key);
        }

        static String data(Map<String, Object> secret, String key) {
            return decoded(Chart.map(secret.get("data")).get(key));
        }

        Instant notAfter() {
            return notAfter(secret());
        }

        static Instant notAfter(Map<String, Object> secret) {
            Object annotation = Chart.map(Chart.map(secret.get("metadata")).get("annotations"))
                    .get(NOT_AFTER);
            return Instant.ofEpochSecond(Long.parseLong(annotation.toString()));
        }

        /** The authorities of all webhooks, which must be the same. */
        List<X509Certificate> trusted() {
            List<String> bundles = objects.stream()
                    .filter(object -> object.get("kind").equals("MutatingWebhookConfiguration"))
                    .flatMap(object -> Chart.maps(object.get("webhooks")).stream())
                    .map(webhook ->
                            decoded(Chart.map(webhook.get("clientConfig")).get("caBundle")))
                    .toList();
            assertThat(bundles).hasSize(2).containsOnly(bundles.get(0));
            return certificates(bundles.get(0));
        }

        private static String decoded(Object base64) {
            return new String(Base64.getDecoder().decode(base64.toString()), StandardCharsets.UTF_8);
        }
    }
}
