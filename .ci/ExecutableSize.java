import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Says how large the native executable is and how long native-image took, and fails where it has grown beyond its limit:
 * what is in the image is paid for on every node, and grows unseen with a dependency.
 *
 * <p>Usage: {@code java .ci/ExecutableSize.java <executable> <limit, bytes>}.
 */
final class ExecutableSize {
    private static final Pattern SECONDS =
            Pattern.compile("\"resource_usage\":\\{.*?\"total_secs\":([0-9.]+)\\},\"image_details\"");

    public static void main(String[] args) throws IOException {
        Path executable = Path.of(args[0]);
        long limit = Long.parseLong(args[1]);
        long size = Files.size(executable);
        System.out.printf("%s: %.1f MB, built in %s s%n", executable.getFileName(), size / 1e6, seconds(executable));
        if (size > limit) {
            System.err.printf("the executable is larger than its limit of %.1f MB%n", limit / 1e6);
            System.exit(1);
        }
    }

    /** From the statistics that native-image writes beside its inputs. */
    private static String seconds(Path executable) throws IOException {
        Path statistics = executable.resolveSibling("penstock-native-image-source-jar")
                .resolve("penstock-build-output-stats.json");
        if (Files.exists(statistics)) {
            Matcher seconds = SECONDS.matcher(Files.readString(statistics));
            if (seconds.find()) {
                return "%.0f".formatted(Double.parseDouble(seconds.group(1)));
            }
        }
        return "an unknown number of";
    }
}
