package io.penstock.telemetry;

import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The label {@code status} of a failure that no evidence could name: a closed set, whatever a provider answers. */
final class UnclassifiedStatus {
    private static final String NONE = "none";
    private static final String OTHER = "other";

    /**
     * Statuses of the IANA registry by which the status alone names no category, and 200, which stands for an error found
     * inside a good answer. These exist at zero; others of the HTTP range appear when they first happen.
     */
    private static final List<Integer> EXPECTED = List.of(
            200, 301, 302, 303, 307, 308, 405, 406, 407, 409, 410, 411, 412, 415, 417, 418, 421, 423, 424, 425, 426,
            428, 431, 451);

    private UnclassifiedStatus() {}

    static String label(@Nullable Integer status) {
        if (status == null) {
            return NONE;
        }
        return status >= 100 && status <= 599 ? status.toString() : OTHER;
    }

    static Stream<String> expected() {
        return Stream.concat(EXPECTED.stream().map(String::valueOf), Stream.of(NONE, OTHER));
    }
}
