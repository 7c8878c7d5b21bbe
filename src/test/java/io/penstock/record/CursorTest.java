package io.penstock.record;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CursorTest {

    @Property
    void everyIdIsReadBack(@ForAll long most, @ForAll long least) {
        UUID id = new UUID(most, least);

        assertThat(Cursor.of(id)).matches("[A-Za-z0-9_-]{22}");
        assertThat(Cursor.read(Cursor.of(id))).contains(id);
    }

    @Property
    void anyOtherTextIsRefused(@ForAll String text) {
        Cursor.read(text).ifPresent(id -> assertThat(Cursor.of(id)).isEqualTo(text));
    }

    // The last differs from a cursor only in bits that decoding drops.
    @ParameterizedTest
    @ValueSource(
            strings = {"", "abc", "AAAAAAAAAAAAAAAAAAAAAA==", "AAAAAAAAAAAAAAAAAAAAAAAA", "AAAAAAAAAAAAAAAAAAAAAB"})
    void whatIsNoCursorIsRefused(String text) {
        assertThat(Cursor.read(text)).isEmpty();
    }
}
