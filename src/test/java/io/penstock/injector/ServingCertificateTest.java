package io.penstock.injector;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServingCertificateTest {
    private static final Vertx VERTX = Vertx.vertx();

    private final Path dir;

    ServingCertificateTest(@TempDir Path dir) {
        this.dir = dir;
    }

    @AfterAll
    static void close() {
        VERTX.close().toCompletionStage().toCompletableFuture().join();
    }

    @ParameterizedTest
    @ValueSource(strings = {"RSA", "EC"})
    void readsAPairOfEitherKind(String algorithm) throws Exception {
        WebhookCertificate.make(algorithm, "localhost").write(dir);

        assertThat(read()).isInstanceOf(ServingCertificate.Reading.Good.class);
    }

    /** Helm's genSignedCert writes keys in this form. */
    @Test
    void readsAKeyInPkcs1() throws Exception {
        WebhookCertificate certificate = WebhookCertificate.make("RSA", "localhost");
        certificate.write(dir);
        Files.writeString(dir.resolve("tls.key"), pkcs1(certificate.key().getEncoded()));

        assertThat(read()).isInstanceOf(ServingCertificate.Reading.Good.class);
    }

    @Test
    void refusesAKeyThatIsNotTheCertificates() throws Exception {
        WebhookCertificate.make("RSA", "localhost").write(dir);
        Files.writeString(
                dir.resolve("tls.key"),
                WebhookCertificate.make("RSA", "localhost").keyPem());

        assertThat(read()).isEqualTo(new ServingCertificate.Reading.Bad("(tls.crt) is not that of the key (tls.key)"));
    }

    @Test
    void tellsNothingOfAKeyThatIsBroken() throws Exception {
        WebhookCertificate.make("RSA", "localhost").write(dir);
        Files.writeString(dir.resolve("tls.key"), "-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----\n");

        assertThat(read()).isInstanceOfSatisfying(ServingCertificate.Reading.Bad.class, bad -> assertThat(bad.why())
                .contains("is not PEM")
                .doesNotContain("c2VjcmV0")
                .doesNotContain("secret"));
    }

    @Test
    void saysThatThereIsNone() {
        assertThat(read()).isInstanceOfSatisfying(ServingCertificate.Reading.Bad.class, bad -> assertThat(bad.why())
                .contains("is there a tls.crt in"));
    }

    @Test
    void seesANewPairWhenTheKubeletSwapsTheFolder() throws Exception {
        mount("..one", WebhookCertificate.make("EC", "localhost"));
        ServingCertificate.Reading.Good first = (ServingCertificate.Reading.Good) read();

        mount("..two", WebhookCertificate.make("EC", "localhost"));
        ServingCertificate.Reading.Good second = (ServingCertificate.Reading.Good) read();

        assertThat(second.same(first)).isFalse();
        assertThat(second.same((ServingCertificate.Reading.Good) read())).isTrue();
    }

    @Test
    void neverShowsItsKey() throws Exception {
        WebhookCertificate.make("EC", "localhost").write(dir);

        assertThat(read().toString()).doesNotContain("PRIVATE");
    }

    private ServingCertificate.Reading read() {
        return new ServingCertificate(dir, VERTX).read();
    }

    /** As the kubelet does it: files are links into {@code ..data}, which is a link that is replaced. */
    private void mount(String version, WebhookCertificate certificate) throws IOException, GeneralSecurityException {
        Path folder = Files.createDirectory(dir.resolve(version));
        certificate.write(folder);
        Path link = Files.createSymbolicLink(dir.resolve("..tmp"), Path.of(version));
        Files.move(link, dir.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
        for (String name : new String[] {"tls.crt", "tls.key"}) {
            if (!Files.exists(dir.resolve(name))) {
                Files.createSymbolicLink(dir.resolve(name), Path.of("..data", name));
            }
        }
    }

    /** The RSA key inside a PKCS#8 document, which is its last element. */
    private static String pkcs1(byte[] pkcs8) throws GeneralSecurityException {
        for (int i = pkcs8.length - 4; i > 0; i--) {
            // SEQUENCE with a length of two bytes that reaches to the end: RSAPrivateKey (RFC 8017 A.1.2).
            int length = ((pkcs8[i + 2] & 0xff) << 8) | (pkcs8[i + 3] & 0xff);
            if (pkcs8[i] == 0x30 && (pkcs8[i + 1] & 0xff) == 0x82 && i > 20 && i + 4 + length == pkcs8.length) {
                byte[] key = Arrays.copyOfRange(pkcs8, i, pkcs8.length);
                return "-----BEGIN RSA PRIVATE KEY-----\n"
                        + Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                                .encodeToString(key)
                        + "\n-----END RSA PRIVATE KEY-----\n";
            }
        }
        throw new GeneralSecurityException("no RSA key found");
    }
}
