package io.penstock.architecture;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestExecutionResult.Status;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/**
 * Writes down every test that ran, one line each with its class and its outcome, for {@code .ci/CountTests.java}.
 * Surefire's own reports do not tell: there is one per class, and where two engines run tests of one class the second
 * engine's report replaces the first's.
 */
public final class TestLedger implements TestExecutionListener {
    private static final Path DIRECTORY = Path.of("target", "tests-ran");

    private final Queue<String> lines = new ConcurrentLinkedQueue<>();

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
        if (test.isTest()) {
            note(test, outcome(result.getStatus()));
        } else if (result.getStatus() == Status.FAILED) {
            note(test, "failed");
        }
    }

    @Override
    public void executionSkipped(TestIdentifier test, String reason) {
        note(test, "skipped");
    }

    @Override
    public void testPlanExecutionFinished(TestPlan plan) {
        try {
            Files.createDirectories(DIRECTORY);
            Files.write(Files.createTempFile(DIRECTORY, "run-", ".tsv"), List.copyOf(lines));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        lines.clear();
    }

    private void note(TestIdentifier test, String outcome) {
        lines.add(className(test) + "\t" + outcome);
    }

    private static String outcome(Status status) {
        return switch (status) {
            case SUCCESSFUL -> "passed";
            case FAILED -> "failed";
            case ABORTED -> "skipped";
        };
    }

    private static String className(TestIdentifier test) {
        return test.getSource()
                .filter(MethodSource.class::isInstance)
                .map(source -> ((MethodSource) source).getClassName())
                .orElseGet(test::getLegacyReportingName);
    }
}
