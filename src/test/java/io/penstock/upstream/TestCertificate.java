package io.penstock.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.net.PfxOptions;
import java.io.IOException;
import java.nio.file.Path;

/**
 * A self-signed certificate, made by the JDK's own keytool.
 *
 * @param identity for a server
 * @param pem the certificate alone, for who is to trust it
 */
public record TestCertificate(PfxOptions identity, Path pem) {

    /** @param names such as {@code ip:127.0.0.1} or {@code dns:localhost} */
    public static TestCertificate of(Path dir, String names) throws IOException, InterruptedException {
        String store = dir.resolve("store.p12").toString();
        Path pem = dir.resolve("ca.pem");
        keytool(
                "-genkeypair",
                "-alias",
                "x",
                "-keyalg",
                "EC",
                "-dname",
                "CN=simulator",
                "-ext",
                "san=" + names,
                "-storepass",
                "changeit",
                "-keystore",
                store);
        keytool(
                "-exportcert",
                "-rfc",
                "-alias",
                "x",
                "-storepass",
                "changeit",
                "-keystore",
                store,
                "-file",
                pem.toString());
        return new TestCertificate(new PfxOptions().setPath(store).setPassword("changeit"), pem);
    }

    private static void keytool(String... arguments) throws IOException, InterruptedException {
        String[] command = new String[arguments.length + 1];
        command[0] = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        Process keytool = new ProcessBuilder(command).redirectErrorStream(true).start();
        assertThat(keytool.waitFor())
                .as(() -> keytool.inputReader().lines().toList().toString())
                .isZero();
    }
}
