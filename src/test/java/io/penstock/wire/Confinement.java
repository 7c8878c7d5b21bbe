package io.penstock.wire;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * What a sidecar's container gives a program, without a container: a user that nobody knows, file systems that are
 * read-only, and a limit of memory (a Linux control group, version 1 or 2). The program is copied into it, so that the
 * pages of its file count too, as those of an image do.
 */
final class Confinement implements AutoCloseable {
    private static final Path VERSION_1 = Path.of("/sys/fs/cgroup/memory");
    private static final Path VERSION_2 = Path.of("/sys/fs/cgroup");

    /** Joins the group $1, copies $2 to $3, makes everything read-only, gives up being root, and becomes the command. */
    private static final String SCRIPT = """
            set -e
            echo $$ > "$1/cgroup.procs"
            [ -e "$3/${2##*/}" ] || cp -r "$2" "$3/"
            for place in $(awk '$2 !~ "^/(dev|proc|sys)(/|$)" {print $2}' /proc/self/mounts); do
                mount -o remount,bind,ro "$place"
            done
            if touch "$3/written" 2> /dev/null; then echo "$3 is still writable"; exit 3; fi
            shift 3
            exec setpriv --reuid=54321 --regid=54321 --clear-groups --no-new-privs -- "$@"
            """;

    private final Path group;
    private final Path directory;
    private final Path original;

    private Confinement(Path group, Path directory, Path original) {
        this.group = group;
        this.directory = directory;
        this.original = original;
    }

    /**
     * Makes one, or aborts the test and says why, where that is not possible: it takes root on Linux.
     *
     * @param program the file or directory that is copied into it
     * @param bytes of memory, all counted; there is no swap beside it
     */
    static Confinement of(Path program, long bytes) throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory(
                "penstock-confined",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
        Path group = (Files.isDirectory(VERSION_1) ? VERSION_1 : VERSION_2)
                .resolve(directory.getFileName().toString());
        try {
            Files.createDirectory(group);
            limit(group, bytes);
        } catch (IOException e) {
            Files.deleteIfExists(group);
            throw abort("no control group with a limit of memory can be made: " + e);
        }
        Confinement confinement = new Confinement(group, directory, program);
        Process probe = new ProcessBuilder(confinement.command(List.of("true")))
                .redirectErrorStream(true)
                .start();
        String said = new String(probe.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (probe.waitFor() != 0) {
            confinement.close();
            throw abort("no mount namespace of one's own, or no setpriv: " + said.strip());
        }
        return confinement;
    }

    /** The command that runs a command in here. */
    List<String> command(List<String> command) {
        List<String> whole = new ArrayList<>(List.of(
                "unshare",
                "--mount",
                "sh",
                "-c",
                SCRIPT,
                "confined",
                group.toString(),
                original.toString(),
                directory.toString()));
        whole.addAll(command);
        return whole;
    }

    /** The program's copy in here. */
    Path packaged() {
        return directory.resolve(original.getFileName());
    }

    /** A place whose files can be read from in here, though not written. */
    Path directory() {
        return directory;
    }

    /** The control group keeps its name as long as a process is in it. */
    @Override
    public void close() throws IOException {
        await("the end of all that is confined")
                .ignoreExceptions()
                .until(() -> Files.deleteIfExists(group) || Files.notExists(group));
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private static void limit(Path group, long bytes) throws IOException {
        if (group.startsWith(VERSION_1)) {
            write(group.resolve("memory.limit_in_bytes"), bytes);
            // Memory and swap together; not there where the kernel does not account for swap.
            Path withSwap = group.resolve("memory.memsw.limit_in_bytes");
            if (Files.exists(withSwap)) {
                write(withSwap, bytes);
            }
        } else {
            write(group.resolve("memory.max"), bytes);
            write(group.resolve("memory.swap.max"), 0);
        }
    }

    private static void write(Path file, long value) throws IOException {
        Files.writeString(file, Long.toString(value), StandardOpenOption.WRITE);
    }

    private static RuntimeException abort(String reason) {
        System.out.println("skipped: " + reason);
        return Assumptions.abort(reason);
    }
}
