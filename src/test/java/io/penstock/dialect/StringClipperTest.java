package io.penstock.dialect;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class StringClipperTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void passesShortStringsUnchanged() {
        String json = "{\"a\":\"é\\\"\\\\\",\"b\":[\"" + "x".repeat(StringClipper.KEPT - 5) + "\",1.5,true,null]}";

        assertThat(clip(json, List.of(7))).isEqualTo(json);
    }

    @Property(tries = 500)
    void leavesValidJsonWithBoundedStrings(
            @ForAll("strings") List<String> strings, @ForAll("sizes") List<Integer> sizes) throws IOException {
        String json = "[\"" + String.join("\",\"", strings) + "\",7]";
        JsonNode before = JSON.readTree(json);

        JsonNode after = JSON.readTree(clip(json, sizes));

        assertThat(after.size()).isEqualTo(before.size());
        assertThat(after.get(strings.size()).asInt()).isEqualTo(7);
        for (int i = 0; i < strings.size(); i++) {
            assertThat(before.get(i).asText()).startsWith(after.get(i).asText());
            assertThat(after.get(i).asText().length()).isLessThanOrEqualTo(StringClipper.KEPT);
            assertThat(after.get(i).asText().isEmpty()).isEqualTo(strings.get(i).isEmpty());
        }
    }

    @Provide
    Arbitrary<List<String>> strings() {
        Arbitrary<String> piece =
                Arbitraries.of("a", "\\\"", "\\\\", "\\u00e9", "\\n", "漢", "😀", "é", "{", "x".repeat(200));
        return piece.list()
                .ofMaxSize(400)
                .map(parts -> String.join("", parts))
                .list()
                .ofMinSize(1)
                .ofMaxSize(4);
    }

    @Provide
    Arbitrary<List<Integer>> sizes() {
        return Chunks.sizes();
    }

    private static String clip(String json, List<Integer> sizes) {
        ByteArrayOutputStream passed = new ByteArrayOutputStream();
        StringClipper clipper = new StringClipper();
        for (byte[] chunk : Chunks.cut(json.getBytes(UTF_8), sizes)) {
            clipper.feed(chunk, 0, chunk.length, (bytes, from, to) -> passed.write(bytes, from, to - from));
        }
        return passed.toString(UTF_8);
    }
}
