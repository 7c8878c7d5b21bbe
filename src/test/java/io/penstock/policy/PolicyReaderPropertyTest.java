package io.penstock.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** Whatever a file holds, reading it ends in an answer. */
class PolicyReaderPropertyTest {
    private final PolicyReader reader =
            new PolicyReader(new KnownReferences(Set.of(), Set.of()), Path.of("/policies/penstock.yaml"));

    @Property(tries = 500)
    void neverThrowsOnBytes(@ForAll byte[] content) {
        assertAnswer(reader.read(content));
    }

    @Property(tries = 1_000)
    void neverThrowsOnWhatLooksLikeYaml(@ForAll("yamlish") String content) {
        assertAnswer(reader.read(content));
    }

    @Provide
    Arbitrary<String> yamlish() {
        Arbitrary<String> syntax = Arbitraries.of(
                ": ",
                "- ",
                "\n",
                "\n  ",
                "\n    ",
                "[",
                "]",
                "{",
                "}",
                ", ",
                "&a ",
                "*a",
                "!!int ",
                "!x ",
                "? ",
                "| ",
                "> ",
                "'",
                "\"",
                "\\x",
                "\\u12",
                "# ",
                "\t",
                "---\n",
                "...\n",
                "%YAML 1.99999999999\n",
                "%TAG ! x\n",
                "<<",
                "@",
                "`",
                "~",
                "\u0000",
                "\uD83D",
                "0x",
                "1:30",
                ".inf");
        Arbitrary<String> words = Arbitraries.of(List.of(Keys.values()).stream()
                .flatMap(keys -> keys.names().stream())
                .toList());
        Arbitrary<String> values = Arbitraries.of("openai", "2s", "7", "https://a.example", "passthrough", "none");
        return Arbitraries.frequencyOf(Tuple.of(3, syntax), Tuple.of(2, words), Tuple.of(1, values))
                .list()
                .ofMaxSize(40)
                .map(parts -> String.join("", parts));
    }

    private static void assertAnswer(PolicyReading reading) {
        if (reading instanceof PolicyReading.Invalid invalid) {
            assertThat(invalid.problems()).isNotEmpty();
            assertThat(PolicyReport.screen("f", invalid.problems()).lines()).hasSizeLessThanOrEqualTo(24);
        } else {
            assertThat(((PolicyReading.Valid) reading).policy().routes()).isNotEmpty();
        }
    }
}
