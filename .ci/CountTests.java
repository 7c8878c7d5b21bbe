import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;

/**
 * The last step of {@code mvn verify}: adds up the reports that this build wrote, says how many tests ran, and fails when
 * a test class ran none. A runner that finds no test in a class stays green and silent, so it has to be looked for from
 * outside.
 *
 * <p>Usage: {@code java .ci/CountTests.java <start of the build, ISO 8601> [--skip-its=true]}, in the project's directory.
 */
final class CountTests {
    private int run;
    private int failed;
    private int skipped;

    public static void main(String[] args) throws Exception {
        Instant start = Instant.parse(args[0]);
        boolean skipIts = List.of(args).contains("--skip-its=true");
        var count = new CountTests();
        var silent = new ArrayList<String>();
        silent.addAll(count.suite("Test", Path.of("target/surefire-reports"), start));
        if (!skipIts) {
            silent.addAll(count.suite("IT", Path.of("target/failsafe-reports"), start));
        }
        silent.forEach(name -> System.err.println("ran no test: " + name));
        System.out.printf(
                "%d passed, %d failed, %d skipped%n", count.run - count.failed - count.skipped, count.failed, count.skipped);
        if (!silent.isEmpty() || count.run == 0 || count.failed > 0) {
            System.exit(1);
        }
    }

    /** Adds the suite's reports, and returns the names of its test classes that have none with a test in it. */
    private List<String> suite(String suffix, Path reports, Instant start) throws Exception {
        List<String> silent = new ArrayList<>();
        List<String> classes = testClasses(suffix);
        for (String name : classes) {
            int before = run;
            for (Path report : reportsOf(name, reports)) {
                if (!Files.getLastModifiedTime(report).toInstant().isBefore(start)) {
                    add(report);
                }
            }
            if (run == before) {
                silent.add(name);
            }
        }
        if (classes.isEmpty()) {
            silent.add("any *" + suffix + " class");
        }
        return silent;
    }

    private static List<String> testClasses(String suffix) throws IOException {
        Path root = Path.of("src/test/java");
        try (Stream<Path> files = Files.walk(root)) {
            return files.map(file -> root.relativize(file).toString())
                    .filter(file -> file.endsWith(suffix + ".java"))
                    .map(file -> file.substring(0, file.length() - ".java".length()).replace('/', '.').replace('\\', '.'))
                    .sorted()
                    .toList();
        }
    }

    /** A class's own report, and those of the classes nested in it. */
    private static List<Path> reportsOf(String name, Path reports) throws IOException {
        if (!Files.isDirectory(reports)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(reports)) {
            return files.filter(file -> file.getFileName().toString().equals("TEST-" + name + ".xml")
                            || file.getFileName().toString().startsWith("TEST-" + name + "$"))
                    .toList();
        }
    }

    private void add(Path report) throws Exception {
        Element suite = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(report.toFile())
                .getDocumentElement();
        run += number(suite, "tests");
        failed += number(suite, "failures") + number(suite, "errors");
        skipped += number(suite, "skipped");
    }

    private static int number(Element suite, String attribute) {
        return Integer.parseInt(suite.getAttribute(attribute));
    }
}
