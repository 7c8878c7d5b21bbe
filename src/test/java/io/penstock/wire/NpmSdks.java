package io.penstock.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.penstock.chart.Tool;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/**
 * An application for Node.js that calls the vendors' own SDKs and tells what they gave it: {@code src/test/resources/npm}.
 * One call at a time; for one thread.
 */
final class NpmSdks implements AutoCloseable {
    private static final Path SOURCE = Path.of("src/test/resources/npm/sdks.mjs");
    private static final long PATIENCE_SECONDS = 120;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Process process;
    private final BufferedReader answers;
    private final Path complaints;

    /**
     * What the application has of a call.
     *
     * @param text what came, also where an error followed
     * @param stop the reason to stop, or the status of the answer, where one came
     * @param error what was thrown, or null where the SDK called the answer good
     */
    record Got(String text, @Nullable String stop, @Nullable Thrown error) {}

    /**
     * An exception.
     *
     * @param is the public exception types of the SDK that would catch it
     */
    record Thrown(
            List<String> is,
            String name,
            String message,
            @Nullable Integer status,
            @Nullable String code,
            @Nullable String type,
            @Nullable String shouldRetry,
            @Nullable String category) {}

    private NpmSdks(Process process, Path complaints) {
        this.process = process;
        this.answers = process.inputReader(StandardCharsets.UTF_8);
        this.complaints = complaints;
    }

    /** Starts it in a directory of its own; skips the test, and says why, where Node.js or the packages are missing. */
    static NpmSdks start(Path directory) throws IOException {
        Path modules = Tool.fetched("npm-sdks/node_modules", ".ci/npm-sdks.sh");
        Path script = Files.copy(SOURCE, directory.resolve(SOURCE.getFileName()));
        Files.createSymbolicLink(directory.resolve("node_modules"), modules);
        Path complaints = directory.resolve("stderr");
        try {
            return new NpmSdks(
                    new ProcessBuilder("node", script.toString())
                            .redirectError(complaints.toFile())
                            .start(),
                    complaints);
        } catch (IOException e) {
            String reason = "skipped: no node: " + e.getMessage();
            System.out.println(reason);
            return Assumptions.abort(reason);
        }
    }

    /**
     * Makes a call.
     *
     * @param api {@code chat}, {@code responses} or {@code messages}
     * @param how {@code blocking}, {@code events}, {@code helper} or {@code final}
     */
    Got call(String api, String how, String baseUrl) throws Exception {
        var requests = process.outputWriter(StandardCharsets.UTF_8);
        requests.write(JSON.writeValueAsString(Map.of("api", api, "how", how, "baseUrl", baseUrl)));
        requests.newLine();
        requests.flush();
        String line = CompletableFuture.supplyAsync(this::nextLine).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (line == null) {
            throw new AssertionError("the application has ended: " + Files.readString(complaints));
        }
        JsonNode got = JSON.readTree(line);
        JsonNode error = got.path("error");
        return new Got(got.path("text").asText(), text(got, "stop"), error.isNull() ? null : thrown(error));
    }

    private @Nullable String nextLine() {
        try {
            return answers.readLine();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Thrown thrown(JsonNode error) {
        return new Thrown(
                StreamSupport.stream(error.path("is").spliterator(), false)
                        .map(JsonNode::asText)
                        .toList(),
                error.path("name").asText(),
                error.path("message").asText(),
                error.path("status").isInt() ? error.path("status").asInt() : null,
                text(error, "code"),
                text(error, "type"),
                text(error, "shouldRetry"),
                text(error, "category"));
    }

    private static @Nullable String text(JsonNode object, String field) {
        return object.path(field).textValue();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
