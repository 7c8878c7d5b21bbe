package io.penstock.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/**
 * The packaged program, started as its users start it. System property {@code penstock.executable} names a native
 * executable; without it {@code penstock.jar} names the jar, which runs on the JVM of the tests.
 */
final class PenstockProcess implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final Process process;
    private final int port;
    private final int managementPort;
    private final Queue<String> output = new ConcurrentLinkedQueue<>();
    private final Thread reader;

    /** What a command that ended by itself said. */
    record Run(int exitCode, List<String> lines) {
        String text() {
            return String.join("\n", lines);
        }
    }

    private PenstockProcess(List<String> command, Map<String, String> environment) throws IOException {
        port = freePort();
        managementPort = freePort();
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> name.startsWith("QUARKUS_") || name.startsWith("PENSTOCK_"));
        builder.environment().put("QUARKUS_HTTP_PORT", String.valueOf(port));
        builder.environment().put("QUARKUS_MANAGEMENT_PORT", String.valueOf(managementPort));
        builder.environment().put("QUARKUS_MANAGEMENT_HOST", "127.0.0.1");
        builder.environment().putAll(environment);
        process = builder.start();
        reader = new Thread(this::collectOutput, "penstock-output");
        reader.setDaemon(true);
        reader.start();
    }

    /** Starts {@code serve} with a policy file, and returns when it is ready. */
    static PenstockProcess serve(Path policy) throws IOException {
        return serve(Map.of("PENSTOCK_POLICY", policy.toString()));
    }

    static PenstockProcess serve(Map<String, String> environment) throws IOException {
        return ready(command(packaged(), "serve"), environment);
    }

    /** Starts {@code serve} in a confinement, and returns when it is ready. */
    static PenstockProcess serve(Confinement confinement, Path policy) throws IOException {
        return ready(
                confinement.command(command(confinement.packaged(), "serve")),
                Map.of("PENSTOCK_POLICY", policy.toString()));
    }

    /** Starts a command that serves, and returns when it is ready. */
    static PenstockProcess start(Map<String, String> environment, String... arguments) throws IOException {
        return ready(command(packaged(), arguments), environment);
    }

    /** Starts {@code serve} and returns at once. */
    static PenstockProcess start(Path policy) throws IOException {
        return new PenstockProcess(command(packaged(), "serve"), Map.of("PENSTOCK_POLICY", policy.toString()));
    }

    private static PenstockProcess ready(List<String> command, Map<String, String> environment) throws IOException {
        PenstockProcess penstock = new PenstockProcess(command, environment);
        try {
            await("readiness")
                    .atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(50))
                    .until(penstock::readyOrDead);
            assertThat(penstock.process.isAlive()).as(penstock.text()).isTrue();
            return penstock;
        } catch (Throwable e) {
            penstock.close();
            throw e;
        }
    }

    /** Runs a command that ends by itself. */
    static Run run(String... arguments) throws IOException, InterruptedException {
        return run(Map.of(), arguments);
    }

    static Run run(Map<String, String> environment, String... arguments) throws IOException, InterruptedException {
        return run(command(packaged(), arguments), environment);
    }

    static Run run(Confinement confinement, String... arguments) throws IOException, InterruptedException {
        return run(confinement.command(command(confinement.packaged(), arguments)), Map.of());
    }

    /** Runs a command that reads this text from its standard input. */
    static Run feed(String input, String... arguments) throws IOException, InterruptedException {
        return run(command(packaged(), arguments), Map.of(), input);
    }

    private static Run run(List<String> command, Map<String, String> environment)
            throws IOException, InterruptedException {
        return run(command, environment, "");
    }

    private static Run run(List<String> command, Map<String, String> environment, String input)
            throws IOException, InterruptedException {
        try (PenstockProcess penstock = new PenstockProcess(command, environment)) {
            penstock.feed(input);
            return new Run(penstock.exitCode(), penstock.output());
        }
    }

    private void feed(String input) {
        try (Writer writer = process.outputWriter(StandardCharsets.UTF_8)) {
            writer.write(input);
        } catch (IOException e) {
            output.add("(the input was not read: " + e.getMessage() + ")");
        }
    }

    int port() {
        return port;
    }

    String baseUrl() {
        return "http://127.0.0.1:" + port;
    }

    boolean isAlive() {
        return process.isAlive();
    }

    long pid() {
        return process.pid();
    }

    /** The lines of its standard output and error so far. */
    List<String> output() {
        return List.copyOf(output);
    }

    RawClient connect() throws IOException {
        return RawClient.connect(port);
    }

    /** Asks the data plane's listener, where the admin API is too. */
    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return get(port, path);
    }

    int managementPort() {
        return managementPort;
    }

    /** Asks the management listener: health and metrics. */
    HttpResponse<String> getManagement(String path) throws IOException, InterruptedException {
        return get(managementPort, path);
    }

    /** Asks it to end, as Kubernetes does, and returns its exit code. */
    int stop() throws InterruptedException {
        process.destroy();
        return exitCode();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    private int exitCode() throws InterruptedException {
        assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .as("ended: %s", text())
                .isTrue();
        reader.join(PATIENCE.toMillis());
        return process.exitValue();
    }

    private boolean readyOrDead() throws InterruptedException {
        return !process.isAlive() || isReady();
    }

    boolean isReady() throws InterruptedException {
        try {
            return getManagement("/health/ready").statusCode() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    private void collectOutput() {
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            lines.lines().forEach(output::add);
        } catch (IOException | java.io.UncheckedIOException e) {
            output.add("(the output broke off: " + e.getMessage() + ")");
        }
    }

    private String text() {
        return String.join("\n", output);
    }

    private static HttpResponse<String> get(int port, String path) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(PATIENCE)
                .build();
        return HTTP.send(request, BodyHandlers.ofString());
    }

    static boolean isNative() {
        return !System.getProperty("penstock.executable", "").isEmpty();
    }

    /** The packaged program: the executable, or the directory of the jar and its libraries. */
    static Path packaged() {
        Path packaged = isNative()
                ? Path.of(System.getProperty("penstock.executable"))
                : Path.of(System.getProperty("penstock.jar", "target/quarkus-app/quarkus-run.jar"))
                        .toAbsolutePath()
                        .getParent();
        assertThat(packaged).as("the packaged program").matches(Files::exists);
        return packaged;
    }

    private static List<String> command(Path packaged, String... arguments) {
        List<String> command = new ArrayList<>();
        if (isNative()) {
            command.add(packaged.toString());
        } else {
            command.addAll(List.of(
                    System.getProperty("java.home") + "/bin/java",
                    "-Xmx256m",
                    "-jar",
                    packaged.resolve("quarkus-run.jar").toString()));
        }
        command.addAll(List.of(arguments));
        return command;
    }

    /** A port that was free a moment ago: the program has to be told its ports before it starts. */
    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
