package io.penstock.chart;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/**
 * A program that tests of the chart call. Each is fetched by a script of {@code .ci}; where it is not there, the test that
 * needs it is skipped and says why.
 */
public enum Tool {
    HELM3("helm3", ".ci/helm.sh"),
    HELM4("helm4", ".ci/helm.sh"),
    KUBECTL("kubectl", ".ci/helm.sh"),
    PROMTOOL("promtool", ".ci/promtool.sh");

    private static final long PATIENCE_SECONDS = 120;
    private static final Set<Path> MISSED = ConcurrentHashMap.newKeySet();

    private final String command;
    private final String script;

    Tool(String command, String script) {
        this.command = command;
        this.script = script;
    }

    /** How a run ended and what it wrote. */
    public record Run(int exit, String out, String err) {
        /** What it printed, after checking that it went well. */
        public String good() {
            if (exit != 0) {
                throw new AssertionError("exit code " + exit + ": " + err + out);
            }
            return out;
        }
    }

    public Run run(List<String> arguments) {
        return run(arguments, Map.of());
    }

    /** Runs the program with more variables in its environment, in the project's directory. */
    public Run run(List<String> arguments, Map<String, String> environment) {
        List<String> line = new ArrayList<>();
        line.add(place().toString());
        line.addAll(arguments);
        try {
            Path out = Files.createTempFile("penstock-tool", ".out");
            Path err = Files.createTempFile("penstock-tool", ".err");
            try {
                ProcessBuilder builder =
                        new ProcessBuilder(line).redirectOutput(out.toFile()).redirectError(err.toFile());
                // A cluster that the developer's kubectl knows is none of the tests' business.
                builder.environment().put("KUBECONFIG", "/dev/null");
                builder.environment().putAll(environment);
                Process process = builder.start();
                if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                    throw new AssertionError("still running after " + PATIENCE_SECONDS + " s: " + line);
                }
                return new Run(process.exitValue(), Files.readString(out), Files.readString(err));
            } finally {
                Files.delete(out);
                Files.delete(err);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(line.toString(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(line.toString(), e);
        }
    }

    /** Whether it is here. Unlike a run, this skips no test. */
    public boolean isHere() {
        return Files.isExecutable(cache().resolve("bin/" + command));
    }

    private Path place() {
        return fetched("bin/" + command, script);
    }

    /**
     * A file or folder that a script of {@code .ci} fetched. Where it is not there, the test that calls this is skipped, and
     * says so.
     */
    public static Path fetched(String place, String script) {
        Path path = cache().resolve(place);
        if (!Files.exists(path)) {
            String reason = "skipped: no " + path + ", run " + script;
            if (MISSED.add(path)) {
                System.out.println(reason);
            }
            Assumptions.abort(reason);
        }
        return path;
    }

    private static Path cache() {
        String chosen = System.getenv("PENSTOCK_CI_CACHE");
        return chosen == null || chosen.isEmpty()
                ? Path.of(System.getProperty("user.home"), ".cache", "penstock-ci")
                : Path.of(chosen);
    }
}
