package io.penstock.injector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class LineBufferTest {

    @Property(tries = 200)
    void linesAreTheSameHoweverTheyAreCut(@ForAll @IntRange(min = 1, max = 9) int size) {
        byte[] text = "{\"ä\":1}\n\n{\"b\":\"日本\"}\n{\"c\":".getBytes(StandardCharsets.UTF_8);
        LineBuffer lines = new LineBuffer();
        List<String> found = new ArrayList<>();
        for (int from = 0; from < text.length; from += size) {
            found.addAll(lines.feed(java.util.Arrays.copyOfRange(text, from, Math.min(text.length, from + size))));
        }

        assertThat(found).containsExactly("{\"ä\":1}", "{\"b\":\"日本\"}");
        assertThat(lines.rest()).containsExactly("{\"c\":");
    }

    @Test
    void givesUpOnALineWithoutEnd() {
        LineBuffer lines = new LineBuffer();

        assertThatThrownBy(() -> lines.feed(new byte[5 << 20])).isInstanceOf(IllegalStateException.class);
    }
}
