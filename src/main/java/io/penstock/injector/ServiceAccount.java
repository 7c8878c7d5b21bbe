package io.penstock.injector;

import io.penstock.policy.FileContent;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Map;
import java.util.Optional;

/**
 * How a pod reaches its cluster's API: where it is, by which authority it is known, and who asks. Token and authority
 * change while the pod lives, so both files are read each time.
 */
final class ServiceAccount {
    private static final int LARGEST = 1 << 20;

    private final URI server;
    private final Path directory;

    ServiceAccount(URI server, Path directory) {
        this.server = server;
        this.directory = directory;
    }

    /** The account of this pod; empty outside a cluster. */
    static Optional<ServiceAccount> of(Map<String, String> environment, Path directory) {
        String host = environment.getOrDefault("KUBERNETES_SERVICE_HOST", "");
        String port = environment.getOrDefault("KUBERNETES_SERVICE_PORT", "443");
        if (host.isBlank()) {
            return Optional.empty();
        }
        String authority = host.contains(":") ? "[" + host + "]" : host;
        return Optional.of(new ServiceAccount(URI.create("https://" + authority + ":" + port), directory));
    }

    URI server() {
        return server;
    }

    /** The {@code Authorization} header. */
    String bearer() throws IOException {
        return "Bearer " + new String(content("token"), StandardCharsets.UTF_8).strip();
    }

    byte[] authority() throws IOException {
        return content("ca.crt");
    }

    static KeyStore trustStore(byte[] pem) throws IOException {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            int count = 0;
            for (Certificate certificate :
                    CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(pem))) {
                store.setCertificateEntry("ca-" + count++, certificate);
            }
            return store;
        } catch (GeneralSecurityException e) {
            throw new IOException("ca.crt of the service account holds no certificates", e);
        }
    }

    private byte[] content(String name) throws IOException {
        Path file = directory.resolve(name);
        FileContent content = FileContent.of(file, LARGEST);
        if (content instanceof FileContent.Found found) {
            return found.bytes();
        }
        throw new IOException(file + " " + ((FileContent.Unusable) content).why());
    }
}
