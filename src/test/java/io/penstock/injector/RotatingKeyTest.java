package io.penstock.injector;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.PemKeyCertOptions;
import java.util.Objects;
import javax.net.ssl.X509ExtendedKeyManager;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class RotatingKeyTest {
    private static final Vertx VERTX = Vertx.vertx();

    private final RotatingKey key = new RotatingKey();

    @AfterAll
    static void close() {
        VERTX.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void aHandshakeEndsWithTheKeyItBeganWith() throws Exception {
        WebhookCertificate first = WebhookCertificate.make("RSA", "localhost");
        WebhookCertificate second = WebhookCertificate.make("EC", "localhost");
        key.use(keys(first));
        String begun = Objects.requireNonNull(key.chooseEngineServerAlias("RSA", null, null));

        key.use(keys(second));

        assertThat(Objects.requireNonNull(key.getCertificateChain(begun))[0]).isEqualTo(first.certificate());
        assertThat(key.getPrivateKey(begun)).isEqualTo(first.key());
        assertThat(key.chooseEngineServerAlias("RSA", null, null)).isNull();
        String next = Objects.requireNonNull(key.chooseEngineServerAlias("EC", null, null));
        assertThat(Objects.requireNonNull(key.getCertificateChain(next))[0]).isEqualTo(second.certificate());
    }

    @Test
    void keepsNoMoreThanTheKeyBefore() throws Exception {
        WebhookCertificate certificate = WebhookCertificate.make("EC", "localhost");
        key.use(keys(certificate));
        String oldest = Objects.requireNonNull(key.chooseEngineServerAlias("EC", null, null));

        key.use(keys(certificate));
        key.use(keys(certificate));

        assertThat(key.getPrivateKey(oldest)).isNull();
    }

    @Test
    void hasNothingBeforeTheFirst() {
        assertThat(key.chooseEngineServerAlias("EC", null, null)).isNull();
    }

    private static X509ExtendedKeyManager keys(WebhookCertificate certificate) throws Exception {
        PemKeyCertOptions options = new PemKeyCertOptions()
                .addCertValue(Buffer.buffer(certificate.certificatePem()))
                .addKeyValue(Buffer.buffer(certificate.keyPem()));
        return (X509ExtendedKeyManager) options.getKeyManagerFactory(VERTX).getKeyManagers()[0];
    }
}
