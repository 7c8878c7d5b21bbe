package io.penstock.injector;

import io.penstock.policy.FileContent;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.PemKeyCertOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.X509ExtendedKeyManager;

/** What the webhook serves with: the files of a mounted {@code kubernetes.io/tls} Secret, read anew whenever asked. */
final class ServingCertificate {
    private static final int LARGEST = 1 << 20;
    private static final String[] KEY_TYPES = {"RSA", "EC", "EdDSA"};

    private final Path directory;
    private final Vertx vertx;

    ServingCertificate(Path directory, Vertx vertx) {
        this.directory = directory;
        this.vertx = vertx;
    }

    /** What the files hold right now. */
    sealed interface Reading {
        /** A certificate and its key. Holds a secret: it is no record, whose toString() would tell it. */
        final class Good implements Reading {
            private final Buffer certificate;
            private final Buffer key;
            private final X509ExtendedKeyManager keys;
            private final Instant expires;

            private Good(Buffer certificate, Buffer key, X509ExtendedKeyManager keys, Instant expires) {
                this.certificate = certificate;
                this.key = key;
                this.keys = keys;
                this.expires = expires;
            }

            X509ExtendedKeyManager keys() {
                return keys;
            }

            Instant expires() {
                return expires;
            }

            boolean same(Good other) {
                return certificate.equals(other.certificate) && key.equals(other.key);
            }
        }

        /** @param why in words that follow "the certificate" */
        record Bad(String why) implements Reading {}
    }

    /** Reads and checks both files. May block. */
    Reading read() {
        Path certificate = directory.resolve("tls.crt");
        Path key = directory.resolve("tls.key");
        try {
            // The kubelet swaps a symlink to the folder of both: what lies beside the real file belongs to it.
            Path real = certificate.toRealPath();
            Path beside = real.resolveSibling("tls.key");
            return read(real, Files.exists(beside) ? beside : key);
        } catch (IOException e) {
            return new Reading.Bad("cannot be read: is there a tls.crt in " + directory + "?");
        }
    }

    private Reading read(Path certificateFile, Path keyFile) {
        FileContent certificate = FileContent.of(certificateFile, LARGEST);
        FileContent key = FileContent.of(keyFile, LARGEST);
        if (certificate instanceof FileContent.Unusable unusable) {
            return new Reading.Bad("(tls.crt) " + unusable.why());
        }
        if (key instanceof FileContent.Unusable unusable) {
            return new Reading.Bad("key (tls.key) " + unusable.why());
        }
        return check(
                Buffer.buffer(((FileContent.Found) certificate).bytes()),
                Buffer.buffer(((FileContent.Found) key).bytes()));
    }

    /** A pair that does not match would fail every handshake; the one before it still serves. */
    private Reading check(Buffer certificate, Buffer key) {
        PemKeyCertOptions options =
                new PemKeyCertOptions().addCertValue(certificate).addKeyValue(key);
        try {
            for (KeyManager manager : options.getKeyManagerFactory(vertx).getKeyManagers()) {
                if (manager instanceof X509ExtendedKeyManager pairs) {
                    String alias = alias(pairs);
                    X509Certificate first = pairs.getCertificateChain(alias)[0];
                    return matches(first, pairs.getPrivateKey(alias))
                            ? new Reading.Good(
                                    certificate, key, pairs, first.getNotAfter().toInstant())
                            : new Reading.Bad("(tls.crt) is not that of the key (tls.key)");
                }
            }
            return new Reading.Bad("(tls.crt) is of no kind that TLS can use");
        } catch (Exception e) {
            // Messages of PEM decoders may quote what they read, so they are not told.
            return new Reading.Bad("or its key is not PEM (PKCS#1, PKCS#8 or SEC1): "
                    + e.getClass().getSimpleName());
        }
    }

    private static String alias(X509ExtendedKeyManager pairs) throws GeneralSecurityException {
        return Stream.of(KEY_TYPES)
                .map(type -> pairs.getServerAliases(type, null))
                .filter(aliases -> aliases != null && aliases.length > 0)
                .map(aliases -> aliases[0])
                .findFirst()
                .orElseThrow(() -> new GeneralSecurityException("no key"));
    }

    private static boolean matches(X509Certificate certificate, PrivateKey key) throws GeneralSecurityException {
        String algorithm =
                switch (key.getAlgorithm()) {
                    case "RSA" -> "SHA256withRSA";
                    case "EC" -> "SHA256withECDSA";
                    default -> key.getAlgorithm();
                };
        byte[] sample = {1, 2, 3, 4};
        Signature signature = Signature.getInstance(algorithm);
        signature.initSign(key);
        signature.update(sample);
        byte[] signed = signature.sign();
        if (!certificate.getPublicKey().getAlgorithm().equals(key.getAlgorithm())) {
            return false;
        }
        signature.initVerify(certificate.getPublicKey());
        signature.update(sample);
        return signature.verify(signed);
    }
}
