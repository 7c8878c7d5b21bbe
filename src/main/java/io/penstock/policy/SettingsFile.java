package io.penstock.policy;

import java.util.List;
import java.util.function.Function;

/** Reads a configuration file other than the policy with the policy's manners: every problem at once, with its place. */
public final class SettingsFile {
    private SettingsFile() {}

    /**
     * What came of it.
     *
     * @param value the settings; worth nothing where there are {@code problems}
     * @param problems errors and warnings, in the order of the file
     */
    public record Reading<T>(T value, List<Problem> problems) {
        public boolean good() {
            return problems.stream().noneMatch(problem -> problem.severity() == Problem.Severity.ERROR);
        }
    }

    /**
     * Reads a YAML document.
     *
     * @param keys what its outermost mapping may hold
     * @param reader asks the outermost mapping for the settings, with defaults for what is missing
     */
    public static <T> Reading<T> read(byte[] content, KnownKeys keys, Function<Section, T> reader) {
        Problems problems = new Problems();
        T value = reader.apply(PolicyDocument.read(content, keys, problems));
        return new Reading<>(value, problems.inOrder());
    }
}
