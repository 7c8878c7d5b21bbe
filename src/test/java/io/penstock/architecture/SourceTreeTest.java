package io.penstock.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What compiled classes do not show: files, their sizes and places, and words that must not stay in them. */
class SourceTreeTest {
    private static final Path PROJECT = Path.of("").toAbsolutePath();
    private static final Path SOURCES = PROJECT.resolve("src");
    private static final Path MAIN = SOURCES.resolve("main/java");
    private static final int JAVA_17 = 61;
    private static final int LONGEST_FILE = 400;

    private static final Set<String> TOP_LEVEL = Set.of(
            "pom.xml",
            "src",
            "deploy",
            "helm",
            "docs",
            "README.md",
            "LICENSE",
            "NOTICE",
            "CHANGELOG.md",
            "CONTRIBUTING.md",
            ".ci",
            ".editorconfig",
            ".git",
            ".gitattributes",
            ".gitignore",
            ".mvn");

    private static final Set<String> BANNED_PACKAGES =
            Set.of("util", "utils", "common", "core", "impl", "service", "manager", "helper", "helpers");

    @Test
    void noSourceFileIsLong() {
        assertThat(files(SOURCES, ".java")).hasSizeGreaterThan(40).allSatisfy(file -> assertThat(lines(file))
                .as("lines of %s", file)
                .hasSizeLessThanOrEqualTo(LONGEST_FILE));
    }

    @Test
    void everyMainPackageIsDescribedAndNullMarked() {
        Set<Path> packages = files(MAIN, ".java").map(Path::getParent).collect(Collectors.toSet());

        assertThat(packages).hasSizeGreaterThan(5).allSatisfy(directory -> assertThat(
                        directory.resolve("package-info.java"))
                .content()
                .contains("@NullMarked")
                .startsWith("/**"));
    }

    @Test
    void noPackageIsNamedForNothing() {
        assertThat(files(SOURCES, ".java").flatMap(file -> names(SOURCES.relativize(file.getParent()))))
                .isNotEmpty()
                .doesNotContainAnyElementsOf(BANNED_PACKAGES);
    }

    @Test
    void nothingIsLeftForLater() {
        Pattern reminder = Pattern.compile("\\b(TO" + "DO|FIX" + "ME|XX" + "X|HA" + "CK)\\b");
        assertThat(files(SOURCES, ".java", ".properties", ".yaml"))
                .isNotEmpty()
                .allSatisfy(file -> assertThat(lines(file)).as("%s", file).noneMatch(line -> reminder.matcher(line)
                        .find()));
    }

    @Test
    void noTestIsDisabledOrSleeps() {
        Pattern banned = Pattern.compile("@Dis" + "abled|Thread\\.sle" + "ep|TimeUnit\\.\\w+\\.sle" + "ep");
        assertThat(files(SOURCES.resolve("test/java"), ".java")).isNotEmpty().allSatisfy(file -> assertThat(lines(file))
                .as("%s", file)
                .noneMatch(line -> banned.matcher(line).find()));
    }

    @Test
    void everyClassWithTestsHasANameThatItsSuiteRuns() {
        Pattern test =
                Pattern.compile("^\\s+@(Test|ParameterizedTest|RepeatedTest|TestFactory|Property|Example|FuzzTest)\\b");
        assertThat(files(SOURCES.resolve("test/java"), ".java").filter(file -> lines(file).stream()
                        .anyMatch(line -> test.matcher(line).find())))
                .isNotEmpty()
                .allSatisfy(file -> assertThat(file.getFileName().toString()).containsPattern("(Test|IT)\\.java$"));
    }

    @Test
    void topLevelHoldsOnlyWhatTheLayoutNames() throws IOException {
        List<String> ignored = lines(PROJECT.resolve(".gitignore"));
        try (Stream<Path> entries = Files.list(PROJECT)) {
            assertThat(entries.map(Path::getFileName).filter(name -> !matchesAny(name, ignored)))
                    .isNotEmpty()
                    .allSatisfy(name -> assertThat(name.toString()).isIn(TOP_LEVEL));
        }
    }

    @Test
    void classFilesRunOnJava17() {
        assertThat(files(PROJECT.resolve("target/classes/io/penstock"), ".class"))
                .hasSizeGreaterThan(40)
                .allSatisfy(
                        file -> assertThat(majorVersion(file)).as("%s", file).isEqualTo(JAVA_17));
    }

    private static Stream<Path> files(Path root, String... endings) {
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(file -> Stream.of(endings).anyMatch(file.toString()::endsWith)).toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Stream<String> names(Path path) {
        return Stream.of(path.toString().split("[/\\\\]"));
    }

    private static boolean matchesAny(Path name, List<String> patterns) {
        return patterns.stream()
                .map(pattern -> pattern.endsWith("/") ? pattern.substring(0, pattern.length() - 1) : pattern)
                .anyMatch(pattern -> FileSystems.getDefault()
                        .getPathMatcher("glob:" + pattern)
                        .matches(name));
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new UncheckedIOException(file.toString(), e);
        }
    }

    private static int majorVersion(Path classFile) {
        try (var in = new DataInputStream(Files.newInputStream(classFile))) {
            in.readInt();
            in.readUnsignedShort();
            return in.readUnsignedShort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
