import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The last step of {@code mvn verify}: says how many tests this build ran, and fails when a test class ran none. A runner
 * that finds no test in a class stays green and silent, so it has to be looked for from outside. What ran is read from the
 * ledgers that {@code TestLedger} wrote.
 *
 * <p>Usage: {@code java .ci/CountTests.java <start of the build, ISO 8601> [--skip-its=true] [--skip-unit-tests=true]}, in
 * the project's directory.
 */
final class CountTests {
    private static final Path LEDGERS = Path.of("target/tests-ran");
    private static final Path SOURCES = Path.of("src/test/java");

    public static void main(String[] args) throws IOException {
        List<String> ran = ranSince(Instant.parse(args[0]));
        List<String> silent = new ArrayList<>();
        if (!List.of(args).contains("--skip-unit-tests=true")) {
            silent.addAll(silent("Test", ran));
        }
        if (!List.of(args).contains("--skip-its=true")) {
            silent.addAll(silent("IT", ran));
        }
        silent.forEach(name -> System.err.println("ran no test: " + name));
        long failed = count(ran, "failed");
        System.out.printf("%d passed, %d failed, %d skipped%n", count(ran, "passed"), failed, count(ran, "skipped"));
        if (!silent.isEmpty() || failed > 0) {
            System.exit(1);
        }
    }

    /** A line for every test: its class, a tab, its outcome. */
    private static List<String> ranSince(Instant start) throws IOException {
        List<String> lines = new ArrayList<>();
        if (Files.isDirectory(LEDGERS)) {
            for (Path ledger : files(LEDGERS, ".tsv")) {
                if (!Files.getLastModifiedTime(ledger).toInstant().isBefore(start)) {
                    lines.addAll(Files.readAllLines(ledger));
                }
            }
        }
        return lines;
    }

    /** The test classes of that name of which no test ran; nested classes count for the one around them. */
    private static List<String> silent(String suffix, List<String> ran) throws IOException {
        List<String> classes = files(SOURCES, suffix + ".java").stream()
                .map(file -> SOURCES.relativize(file).toString().replaceFirst("\\.java$", "").replaceAll("[/\\\\]", "."))
                .toList();
        if (classes.isEmpty()) {
            return List.of("any *" + suffix + " class");
        }
        return classes.stream()
                .filter(name -> ran.stream().noneMatch(line -> line.startsWith(name + "\t") || line.startsWith(name + "$")))
                .toList();
    }

    private static long count(List<String> ran, String outcome) {
        return ran.stream().filter(line -> line.endsWith("\t" + outcome)).count();
    }

    private static List<Path> files(Path root, String ending) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(file -> file.toString().endsWith(ending)).sorted().toList();
        }
    }
}
