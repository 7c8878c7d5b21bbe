package io.penstock.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalReferencesTest {
    /** The certificate of a private authority, made for this test; its key is gone. */
    private static final String CERTIFICATE = """
            -----BEGIN CERTIFICATE-----
            MIIBiTCCAS+gAwIBAgIUDuc/lrzvkuoSpoRs7JW1Opgdp9kwCgYIKoZIzj0EAwIw
            GTEXMBUGA1UEAwwOdGVzdC1hdXRob3JpdHkwIBcNMjYxMTIyMTIxMTA0WhgPMjEy
            NjEwMjkxMjExMDRaMBkxFzAVBgNVBAMMDnRlc3QtYXV0aG9yaXR5MFkwEwYHKoZI
            zj0CAQYIKoZIzj0DAQcDQgAEWzOWFm8i4VJZvu3OVb8nlFR/FJVNXOYwqeIMlHsG
            iKvuc5/9iiZvd3Yz0EjKzkDZfStkY9B+DfwRhpqsaI4q9aNTMFEwHQYDVR0OBBYE
            FBKISq9ttjsJrxAWYQsvgpsd2WkeMB8GA1UdIwQYMBaAFBKISq9ttjsJrxAWYQsv
            gpsd2WkeMA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZIzj0EAwIDSAAwRQIgc2joSlDG
            v0mtwZE68JAW2C1tsk8m9QCI7tHu+S6buCsCIQC9R9XHaLzD+ozNE6PGxoEoNr6o
            KkhPF4HdoZy7WWLyeA==
            -----END CERTIFICATE-----
            """;

    private final References references = new LocalReferences(Map.of("SET", "value", "BLANK", " \n")::get);

    private final Path directory;

    LocalReferencesTest(@TempDir Path directory) {
        this.directory = directory;
    }

    @Test
    void judgesVariables() {
        assertThat(references.variable("SET")).isEmpty();
        assertThat(references.variable("UNSET")).hasValue("is not set: set it where Penstock runs");
        assertThat(references.variable("BLANK")).hasValue("is empty: set it to the key");
    }

    @Test
    void judgesSecretFiles() throws IOException {
        assertThat(references.secretFile(file("key", "value\n"))).isEmpty();
        assertThat(references.secretFile(file("blank", "\n"))).hasValue("is empty: write the key into it");
        assertThat(references.secretFile(directory.resolve("none")))
                .hasValueSatisfying(trouble -> assertThat(trouble).startsWith("does not exist: check the path"));
        assertThat(references.secretFile(directory)).hasValue("is a directory: name a file in it");
        assertThat(references.secretFile(file("big", "x".repeat((64 << 10) + 1))))
                .hasValueSatisfying(trouble -> assertThat(trouble).startsWith("is larger than 64 KiB"));
    }

    @Test
    void refusesASecretThatNoHeaderCanCarryWithoutRepeatingIt() throws IOException {
        assertThat(references.secretFile(file("keys", "sk-one\nsk-two\n")))
                .hasValueSatisfying(
                        trouble -> assertThat(trouble).contains("one key").doesNotContain("sk-"));
        assertThat(new LocalReferences(Map.of("KEY", "Bearer sk-one")::get).variable("KEY"))
                .hasValueSatisfying(
                        trouble -> assertThat(trouble).contains("one key").doesNotContain("sk-"));
    }

    @Test
    void judgesCertificates() throws IOException {
        assertThat(references.certificates(file("ca.pem", CERTIFICATE))).isEmpty();
        assertThat(references.certificates(file("two.pem", "# ours\n" + CERTIFICATE + CERTIFICATE)))
                .isEmpty();
        assertThat(references.certificates(file("words.pem", "not a certificate")))
                .hasValueSatisfying(trouble -> assertThat(trouble).startsWith("holds no certificate in PEM form"));
        assertThat(references.certificates(file("cut.pem", CERTIFICATE.substring(0, 200))))
                .hasValueSatisfying(trouble -> assertThat(trouble).startsWith("holds a broken certificate"));
        assertThat(references.certificates(file("spoilt.pem", CERTIFICATE.replace("MII", "AAA"))))
                .hasValueSatisfying(trouble -> assertThat(trouble).startsWith("holds a broken certificate"));
        assertThat(references.certificates(directory.resolve("none"))).isPresent();
    }

    @Test
    void unreadableSecretFileFailsTheFileWithItsLineAndPath() throws IOException {
        Path policy = directory.resolve("penstock.yaml");
        PolicyReading reading = new PolicyReader(references, policy).read("""
                upstreams:
                  - name: openai
                    url: https://api.openai.com
                    dialect: openai
                    credentials: [{env: SET}, {file: keys/openai}]
                    tls: {ca: ca.pem}
                """);

        assertThat(((PolicyReading.Invalid) reading).problems())
                .extracting(p -> p.line() + " " + p.path() + " " + p.message())
                .containsExactly(
                        "5 upstreams[0] (openai).credentials[1].file secret file " + directory.resolve("keys/openai")
                                + " does not exist: check the path, and whether the volume is mounted",
                        "6 upstreams[0] (openai).tls.ca CA file " + directory.resolve("ca.pem")
                                + " does not exist: check the path, and whether the volume is mounted");
    }

    private Path file(String name, String content) throws IOException {
        return Files.write(directory.resolve(name), content.getBytes(StandardCharsets.UTF_8));
    }
}
