package io.penstock.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** The policy file of the demo: each dialect's route has a primary upstream that misbehaves and a backup that does not. */
final class DemoPolicy {
    private static final String DIRECTORY = "penstock-demo";
    private static final Path SHARED_MEMORY = Path.of("/dev/shm");

    private DemoPolicy() {}

    static String yaml(String primaryUrl, String backupUrl) {
        StringBuilder yaml = new StringBuilder("routes:\n");
        dialects().map(DemoPolicy::route).forEach(yaml::append);
        yaml.append("upstreams:\n");
        dialects()
                .flatMap(dialect -> Stream.of(
                        upstream(dialect + "-primary", dialect, primaryUrl),
                        upstream(dialect + "-backup", dialect, backupUrl)))
                .forEach(yaml::append);
        return yaml.append("records: {store: memory}\n").toString();
    }

    /** Writes the file where it is deleted when the JVM ends. */
    static Path write(String yaml) throws IOException {
        Path directory = directory();
        Path file = directory.resolve("penstock.yaml");
        Files.writeString(file, yaml);
        // Deleted in the reverse order of these calls.
        directory.toFile().deleteOnExit();
        file.toFile().deleteOnExit();
        return file;
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
