package io.penstock.policy;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Looks at this process' environment and file system. */
public final class LocalReferences implements References {
    private static final int LARGEST_SECRET = 64 << 10;
    private static final int LARGEST_BUNDLE = 4 << 20;
    private static final Pattern KEY = Pattern.compile("[!-~]+");
    private static final String PEM_MARK = "-----BEGIN CERTIFICATE-----";

    private final Function<String, @Nullable String> environment;

    LocalReferences(Function<String, @Nullable String> environment) {
        this.environment = environment;
    }

    public static References ofThisProcess() {
        return new LocalReferences(System::getenv);
    }

    @Override
    public Optional<String> variable(String name) {
        String value = environment.apply(name);
        if (value == null) {
            return Optional.of("is not set: set it where Penstock runs");
        }
        return value.isBlank() ? Optional.of("is empty: set it to the key") : oneKey(value);
    }

    @Override
    public Optional<String> secretFile(Path path) {
        return judge(FileContent.of(path, LARGEST_SECRET), bytes -> {
            String value = new String(bytes, StandardCharsets.UTF_8);
            return value.isBlank() ? Optional.of("is empty: write the key into it") : oneKey(value);
        });
    }

    /** A key goes into a header, which can carry no more than this. */
    private static Optional<String> oneKey(String value) {
        return KEY.matcher(value.strip()).matches()
                ? Optional.empty()
                : Optional.of("must hold one key and nothing else: a single line of printable ASCII without spaces");
    }

    @Override
    public Optional<String> certificates(Path path) {
        return judge(FileContent.of(path, LARGEST_BUNDLE), LocalReferences::certificates);
    }

    private static Optional<String> judge(FileContent content, Function<byte[], Optional<String>> judgement) {
        if (content instanceof FileContent.Unusable unusable) {
            return Optional.of(unusable.why());
        }
        return judgement.apply(((FileContent.Found) content).bytes());
    }

    private static Optional<String> certificates(byte[] bytes) {
        if (!new String(bytes, StandardCharsets.ISO_8859_1).contains(PEM_MARK)) {
            return Optional.of("holds no certificate in PEM form (" + PEM_MARK + ")");
        }
        try {
            CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(bytes));
            return Optional.empty();
        } catch (CertificateException e) {
            return Optional.of("holds a broken certificate: every block must be X.509 in PEM form");
        }
    }
}
