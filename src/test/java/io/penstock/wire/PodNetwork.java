package io.penstock.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A network namespace as a pod's: a loopback of its own, and one link to the world, which is the machine. Needs root. */
final class PodNetwork implements AutoCloseable {
    /** The world's addresses, as the pod sees them. */
    static final String WORLD = "10.231.77.1";

    static final String WORLD_TOO = "10.231.77.3";
    static final String WORLD_V6 = "fd31:77::1";

    private final String name = "penstock-" + ProcessHandle.current().pid();
    private final Path etc = Path.of("/etc/netns", name);
    private final List<Process> processes = new ArrayList<>();

    /** What a program in the pod said. */
    record Run(int exitCode, String output) {}

    /** Why there can be none here, or empty. */
    static Optional<String> obstacle() throws IOException, InterruptedException {
        if (!Files.isWritable(Path.of("/run")) || !"root".equals(System.getProperty("user.name"))) {
            return Optional.of("network namespaces take root");
        }
        for (String program : List.of("ip", "curl", "setpriv")) {
            if (onPath(program).isEmpty()) {
                return Optional.of("there is no " + program + " here");
            }
        }
        return machine("ip", "netns", "list").exitCode() == 0
                ? Optional.empty()
                : Optional.of("there are no network namespaces here");
    }

    static Optional<Path> onPath(String program) {
        return Stream.concat(Stream.of(System.getenv("PATH").split(":", -1)), Stream.of("/usr/sbin", "/sbin"))
                .map(folder -> Path.of(folder, program))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** @param hosts what the pod's names resolve to, as in {@code /etc/hosts} */
    PodNetwork(String hosts) throws IOException, InterruptedException {
        Files.createDirectories(etc);
        Files.writeString(etc.resolve("hosts"), "127.0.0.1 localhost\n" + hosts);
        String outside = "pen" + ProcessHandle.current().pid() % 1_000_000 + "a";
        ip("netns", "add", name);
        ip("link", "add", outside, "type", "veth", "peer", "name", "eth0", "netns", name);
        ip("addr", "add", WORLD + "/24", "dev", outside);
        ip("addr", "add", WORLD_TOO + "/24", "dev", outside);
        ip("addr", "add", WORLD_V6 + "/64", "dev", outside, "nodad");
        ip("link", "set", outside, "up");
        ip("-n", name, "link", "set", "lo", "up");
        ip("-n", name, "addr", "add", "10.231.77.2/24", "dev", "eth0");
        ip("-n", name, "addr", "add", "fd31:77::2/64", "dev", "eth0", "nodad");
        ip("-n", name, "link", "set", "eth0", "up");
    }

    /** The namespace as a file, for a program that enters no more than it. */
    Path file() {
        return Path.of("/run/netns", name);
    }

    /** Runs a program in the pod to its end, with nothing of this machine's environment but what it is given. */
    Run run(Map<String, String> environment, List<String> command) throws IOException, InterruptedException {
        Process process = start(environment, command);
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("%s", command).isTrue();
        return new Run(process.exitValue(), output);
    }

    Run run(String... command) throws IOException, InterruptedException {
        return run(Map.of(), List.of(command));
    }

    Process start(Map<String, String> environment, List<String> command) throws IOException {
        List<String> inside = new ArrayList<>(List.of("ip", "netns", "exec", name, "env"));
        environment.forEach((key, value) -> inside.add(key + "=" + value));
        inside.addAll(command);
        Process process = new ProcessBuilder(inside).redirectErrorStream(true).start();
        processes.add(process);
        return process;
    }

    @Override
    public void close() throws IOException {
        for (Process process : processes) {
            process.destroyForcibly().onExit().orTimeout(10, TimeUnit.SECONDS).join();
        }
        try {
            // Its end of the link goes with it, and the machine's end with that.
            ip("netns", "del", name);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Files.deleteIfExists(etc.resolve("hosts"));
        Files.deleteIfExists(etc);
    }

    private static void ip(String... arguments) throws IOException, InterruptedException {
        Run run = machine(Stream.concat(Stream.of("ip"), Stream.of(arguments)).toArray(String[]::new));
        assertThat(run.exitCode()).as(run.output()).isZero();
    }

    private static Run machine(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Run(process.waitFor(), output);
    }
}
