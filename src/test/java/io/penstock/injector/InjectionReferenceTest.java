package io.penstock.injector;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/injection.md says what the code does: its tables are those of the code. */
class InjectionReferenceTest {
    private final String reference = Files.readString(Path.of("docs/injection.md"));

    InjectionReferenceTest() throws IOException {}

    @Test
    void describesExactlyTheAnnotationsThereAre() {
        List<String> rows = Stream.of(PodAnnotation.values())
                .map(annotation -> "| `%s` | %s | %s | %s |"
                        .formatted(
                                annotation.key(),
                                annotation.form().words(),
                                annotation.otherwise(),
                                annotation.meaning()))
                .toList();

        assertThat(rows("(?m)^\\| `penstock\\.io/.*$")).isEqualTo(rows);
    }

    @Test
    void describesExactlyTheReasonsToSkipInTheirOrder() {
        List<String> labels =
                Stream.of(SkipReason.values()).map(SkipReason::label).toList();

        assertThat(rows("(?m)^\\| `([a-z_]+)` \\|"))
                .extracting(row -> row.replaceAll("[|` ]", ""))
                .isEqualTo(labels);
    }

    private List<String> rows(String pattern) {
        return Pattern.compile(pattern)
                .matcher(reference)
                .results()
                .map(MatchResult::group)
                .toList();
    }
}
