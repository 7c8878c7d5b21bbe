package io.penstock.injector;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Writes redirect rules into the kernel, by the program for it that the image has. */
public enum RedirectTool {
    /** One program for both families, and all or nothing. */
    NFT("nft") {
        @Override
        public Outcome apply(RedirectRules rules) {
            return run(rules.nft(), "nft", "-f", "-");
        }
    },
    /** For kernels and images without nftables. */
    IPTABLES("iptables-restore") {
        @Override
        public Outcome apply(RedirectRules rules) {
            for (RedirectRules.Family family : rules.families()) {
                boolean jumps = run(
                                "",
                                family.iptables(),
                                "-w",
                                "-t",
                                "nat",
                                "-C",
                                "OUTPUT",
                                "-p",
                                "tcp",
                                "-j",
                                RedirectRules.CHAIN)
                        .done();
                Outcome outcome =
                        run(rules.iptables(family, !jumps), family.iptables() + "-restore", "-w", "--noflush");
                if (!outcome.done()) {
                    return outcome;
                }
            }
            return new Outcome(true, "");
        }
    };

    /** Where programs are looked for when {@code PATH} is not set, as in an image that says nothing of it. */
    private static final String USUAL_PATH = "/usr/sbin:/usr/bin:/sbin:/bin";

    private static final int PATIENCE_SECONDS = 30;
    private static final int MOST_OUTPUT = 64 * 1024;

    private final String program;

    RedirectTool(String program) {
        this.program = program;
    }

    /** @param message what the program said */
    public record Outcome(boolean done, String message) {}

    public abstract Outcome apply(RedirectRules rules);

    /** The first that is on the {@code PATH}. */
    public static Optional<RedirectTool> find() {
        return Stream.of(values())
                .filter(tool -> onPath(tool.program).isPresent())
                .findFirst();
    }

    private static Optional<Path> onPath(String program) {
        String path = System.getenv().getOrDefault("PATH", USUAL_PATH);
        return Stream.of(path.split(File.pathSeparator, -1))
                .filter(directory -> !directory.isBlank())
                .map(directory -> Path.of(directory, program))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private static Outcome run(String input, String... command) {
        List<String> found = new ArrayList<>(List.of(command));
        // Java looks for programs in /usr/bin and /bin only where there is no PATH.
        onPath(command[0]).ifPresent(program -> found.set(0, program.toString()));
        try {
            Process process =
                    new ProcessBuilder(found).redirectErrorStream(true).start();
            try (OutputStream in = process.getOutputStream()) {
                in.write(input.getBytes(StandardCharsets.UTF_8));
            }
            String output;
            try (InputStream out = process.getInputStream()) {
                output = new String(out.readNBytes(MOST_OUTPUT), StandardCharsets.UTF_8).strip();
            }
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return new Outcome(false, command[0] + " did not end");
            }
            return new Outcome(process.exitValue() == 0, output);
        } catch (IOException e) {
            return new Outcome(false, command[0] + " could not be run: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Outcome(false, "interrupted");
        }
    }
}
