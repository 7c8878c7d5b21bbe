package io.penstock.injector;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateEncodingException;
import java.util.Base64;

/** A self-signed certificate for 127.0.0.1 and some name, with its key, as the files of a Secret: by the JDK's keytool. */
public record WebhookCertificate(Certificate certificate, Key key) {
    private static final char[] PASSWORD = "changeit".toCharArray();

    /** @param algorithm {@code RSA} or {@code EC} */
    public static WebhookCertificate make(String algorithm, String name)
            throws IOException, InterruptedException, GeneralSecurityException {
        Path store = Files.createTempDirectory("penstock-cert").resolve("store.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "x",
                        "-keyalg",
                        algorithm,
                        "-dname",
                        "CN=" + name,
                        "-ext",
                        "san=ip:127.0.0.1,dns:" + name,
                        "-ext",
                        "bc:c",
                        "-storepass",
                        "changeit",
                        "-keystore",
                        store.toString())
                .redirectErrorStream(true)
                .start();
        assertThat(keytool.waitFor())
                .as(() -> keytool.inputReader().lines().toList().toString())
                .isZero();
        KeyStore keys = KeyStore.getInstance(store.toFile(), PASSWORD);
        Files.delete(store);
        Files.delete(store.getParent());
        return new WebhookCertificate(keys.getCertificate("x"), keys.getKey("x", PASSWORD));
    }

    public String certificatePem() throws CertificateEncodingException {
        return pem("CERTIFICATE", certificate.getEncoded());
    }

    public String keyPem() {
        return pem("PRIVATE KEY", key.getEncoded());
    }

    /** For a server that shows it. */
    public HttpServerOptions serving() throws CertificateEncodingException {
        return new HttpServerOptions()
                .setSsl(true)
                .setKeyCertOptions(new PemKeyCertOptions()
                        .setCertValue(Buffer.buffer(certificatePem()))
                        .setKeyValue(Buffer.buffer(keyPem())));
    }

    /** Key first: whoever reads in between finds a pair that does not match, not a half one. */
    public void write(Path directory) throws IOException, CertificateEncodingException {
        Files.writeString(directory.resolve("tls.key"), keyPem());
        Files.writeString(directory.resolve("tls.crt"), certificatePem());
    }

    private static String pem(String kind, byte[] der) {
        return "-----BEGIN " + kind + "-----\n"
                + Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                        .encodeToString(der)
                + "\n-----END " + kind + "-----\n";
    }
}
