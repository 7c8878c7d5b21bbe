package io.penstock.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class LogfmtTest {

    @Test
    void plainValuesAreNotQuoted() {
        assertThat(line("gpt-5", "sk-a…wxyz", "Zürich", "a,b/c:d")).isEqualTo("k=gpt-5 k=sk-a…wxyz k=Zürich k=a,b/c:d");
    }

    @Test
    void whatCouldBeMistakenIsQuoted() {
        assertThat(line("", "a b", "a=b", "say \"no\"", "C:\\x"))
                .isEqualTo("k=\"\" k=\"a b\" k=\"a=b\" k=\"say \\\"no\\\"\" k=\"C:\\\\x\"");
    }

    @Test
    void nothingEndsTheLineOrSteersATerminal() {
        assertThat(line("a\nlevel=x", "\r\t", "\u001b[31m", "\u0085", "\u2028", "\u202e", "\u200b", "\ud800"))
                .isEqualTo("k=\"a\\nlevel=x\" k=\"\\r\\t\" k=\"\\u001b[31m\" k=\"\\u0085\" k=\"\\u2028\" k=\"\\u202e\""
                        + " k=\"\\u200b\" k=\"\\ud800\"");
    }

    @Property
    void everyValueIsReadBack(@ForAll("values") List<String> values) {
        String line = line(values.toArray(String[]::new));

        assertThat(line.codePoints().noneMatch(Character::isISOControl)).isTrue();
        assertThat(read(line))
                .isEqualTo(values.stream().map(v -> Map.entry("k", v)).toList());
    }

    @Provide
    Arbitrary<List<String>> values() {
        Arbitrary<String> nasty = Arbitraries.strings()
                .withChars("ab =\"\\\n\r\tu0\u0000\u2028\u202e😀\ud800\udc00")
                .ofMaxLength(12);
        return Arbitraries.oneOf(Arbitraries.strings().ofMaxLength(20), nasty)
                .list()
                .ofMinSize(1)
                .ofMaxSize(5);
    }

    private static String line(String... values) {
        Logfmt line = new Logfmt();
        for (String value : values) {
            line.pair("k", value);
        }
        return line.toString();
    }

    /** A reader that knows nothing of the writer. */
    private static List<Map.Entry<String, String>> read(String line) {
        List<Map.Entry<String, String>> pairs = new ArrayList<>();
        int at = 0;
        while (at < line.length()) {
            int equals = line.indexOf('=', at);
            String key = line.substring(at, equals);
            StringBuilder value = new StringBuilder();
            at = equals + 1;
            if (at < line.length() && line.charAt(at) == '"') {
                at++;
                while (line.charAt(at) != '"') {
                    char c = line.charAt(at++);
                    if (c != '\\') {
                        value.append(c);
                        continue;
                    }
                    char escape = line.charAt(at++);
                    switch (escape) {
                        case 'n' -> value.append('\n');
                        case 'r' -> value.append('\r');
                        case 't' -> value.append('\t');
                        case 'u' -> {
                            value.append((char) Integer.parseInt(line.substring(at, at + 4), 16));
                            at += 4;
                        }
                        default -> value.append(escape);
                    }
                }
                at++;
            } else {
                while (at < line.length() && line.charAt(at) != ' ') {
                    value.append(line.charAt(at++));
                }
            }
            pairs.add(Map.entry(key, value.toString()));
            at++;
        }
        return pairs;
    }
}
