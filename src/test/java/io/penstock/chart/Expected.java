package io.penstock.chart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Files in the repository that say what is expected, or that are made from the chart. A run with
 * {@code -Dpenstock.chart.update=true} writes them anew instead of comparing; the change is then read and committed.
 */
final class Expected {
    private static final boolean UPDATE = Boolean.getBoolean("penstock.chart.update");

    private Expected() {}

    static void inStep(Path file, String actual) {
        if (UPDATE) {
            write(file, actual);
        }
        assertThat(actual)
                .as("%s, which `mvn test -Dtest='io.penstock.chart.*' -Dpenstock.chart.update=true` writes anew", file)
                .isEqualTo(Files.exists(file) ? Chart.text(file) : "");
    }

    private static void write(Path file, String content) {
        try {
            Files.createDirectories(file.getParent());
            Files.writeString(file, content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
