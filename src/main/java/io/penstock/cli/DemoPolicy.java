package io.penstock.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;

/** The policy file of the demo: each dialect's route has a primary upstream that misbehaves and a backup that does not. */
final class DemoPolicy {
    private static final String SPECIAL_ROUTES = """
              - {name: spare-key, dialect: openai, deadline: 10s, upstreams: [{name: spare-key}]}
              - {name: dead-keys, dialect: openai, deadline: 10s, upstreams: [{name: dead-keys}]}
              - name: empty-keys
                dialect: openai
                deadline: 10s
                upstreams: [{name: empty-keys, priority: 1}, {name: openai-backup, priority: 2}]
              - name: circuit
                dialect: openai
                deadline: 10s
                upstreams: [{name: circuit, priority: 1}, {name: openai-backup, priority: 2}]
              - name: sizes
                dialect: openai
                deadline: 10s
                upstreams:
                  - {name: openai-primary, priority: 1, contextWindow: 8192}
                  - {name: circuit, priority: 2, contextWindow: 8192}
                  - {name: openai-backup, priority: 3, contextWindow: 200000}
              - name: opinions
                dialect: openai
                deadline: 10s
                failoverOn: [content_filter]
                upstreams: [{name: openai-primary, priority: 1}, {name: openai-backup, priority: 2}]
            """;
    /** The keys lie beside the policy file. */
    private static final String SPECIAL_UPSTREAMS = """
              - name: spare-key
                url: %1$s
                dialect: openai
                credentials: [{file: sk-lent-dead-1}, {file: sk-lent-good}]
              - name: empty-keys
                url: %1$s
                dialect: openai
                credentials: [{file: sk-lent-empty-1}, {file: sk-lent-empty-2}]
              - name: dead-keys
                url: %1$s
                dialect: openai
                credentials: [{file: sk-lent-dead-1}, {file: sk-lent-dead-2}]
              - name: circuit
                url: %1$s
                dialect: openai
                credentials: passthrough
                credentialGroup: openai
                retry: {attempts: 2, baseDelay: 50ms, maxDelay: 100ms}
                circuit: {window: 2, failureRatio: 1, openFor: %2$dms, probes: 1}
            """;

    private static final String DIRECTORY = "penstock-demo";
    private static final Path SHARED_MEMORY = Path.of("/dev/shm");

    /** Routes of their own for what only a policy brings about; the upstream that they are about bears the same name. */
    static final String SPARE_KEY = "spare-key";

    static final String EMPTY_KEYS = "empty-keys";
    static final String DEAD_KEYS = "dead-keys";
    static final String CIRCUIT = "circuit";

    static final String SIZES = "sizes";
    static final String OPINIONS = "opinions";
    static final String BACKUP = "openai-backup";
    static final Duration CIRCUIT_OPEN_FOR = Duration.ofMillis(1_500);

    private DemoPolicy() {}

    static String yaml(String primaryUrl, String backupUrl) {
        StringBuilder yaml = new StringBuilder("routes:\n");
        dialects().map(DemoPolicy::route).forEach(yaml::append);
        yaml.append(SPECIAL_ROUTES);
        yaml.append("upstreams:\n");
        dialects()
                .flatMap(dialect -> Stream.of(
                        upstream(dialect + "-primary", dialect, primaryUrl),
                        upstream(dialect + "-backup", dialect, backupUrl)))
                .forEach(yaml::append);
        yaml.append(SPECIAL_UPSTREAMS.formatted(primaryUrl, CIRCUIT_OPEN_FOR.toMillis()));
        return yaml.append("records: {store: memory}\n").toString();
    }

    /** Writes the file, and those that it refers to, where they are deleted when the JVM ends. */
    static Path write(String yaml) throws IOException {
        Path directory = directory();
        // Deleted in the reverse order of these calls.
        directory.toFile().deleteOnExit();
        for (String key : DemoProviders.LENT_KEYS) {
            write(directory.resolve(key), key);
        }
        return write(directory.resolve("penstock.yaml"), yaml);
    }

    private static Path write(Path file, String text) throws IOException {
        file.toFile().deleteOnExit();
        return Files.writeString(file, text);
    }

    /** Among temporary files, or in shared memory, which a container with a read-only file system still has. */
    private static Path directory() throws IOException {
        try {
            return Files.createTempDirectory(DIRECTORY);
        } catch (IOException readOnly) {
            try {
                return Files.createTempDirectory(SHARED_MEMORY, DIRECTORY);
            } catch (IOException e) {
                readOnly.addSuppressed(e);
                throw new IOException(
                        "the demo found no place for its policy file: let it write to "
                                + System.getProperty("java.io.tmpdir") + " or " + SHARED_MEMORY,
                        readOnly);
            }
        }
    }

    private static Stream<String> dialects() {
        return Stream.of(DemoDialect.values()).map(DemoDialect::label);
    }

    private static String route(String dialect) {
        return """
                  - name: %1$s
                    dialect: %1$s
                    deadline: 10s
                    upstreams:
                      - {name: %1$s-primary, priority: 1}
                      - {name: %1$s-backup, priority: 2}
                """.formatted(dialect);
    }

    private static String upstream(String name, String dialect, String url) {
        return """
                  - name: %s
                    url: %s
                    dialect: %s
                    credentials: passthrough
                    credentialGroup: %s
                    timeouts: {connect: 1s, firstContent: 1s, idle: 5s}
                    retry: {attempts: 2, baseDelay: 100ms, maxDelay: 2s, budget: {ratio: 0.5, minPerSecond: 10}}
                    circuit: {window: 50}
                """.formatted(name, url, dialect, dialect);
    }
}
