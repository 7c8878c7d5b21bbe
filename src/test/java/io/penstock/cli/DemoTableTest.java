package io.penstock.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class DemoTableTest {

    @Test
    void padsCellsAndLeavesNoTrailingSpace() {
        assertThat(DemoTable.of(4, 6, 3).row(List.of("ab", "cdef", "g"))).containsExactly("ab    cdef    g");
    }

    @Test
    void wrapsBetweenWordsAndKeepsColumnsInPlace() {
        assertThat(DemoTable.of(5, 8).row(List.of("one two", "three four five")))
                .containsExactly("one    three", "two    four", "       five");
    }

    @Test
    void fillsALineToItsLastColumn() {
        assertThat(DemoTable.of(7, 2).row(List.of("one two", "xy"))).containsExactly("one two  xy");
    }

    @Test
    void breaksAWordThatIsTooLong() {
        assertThat(DemoTable.of(4).row(List.of("ab cdefghijk"))).containsExactly("ab", "cdef", "ghij", "k");
    }

    @Test
    void hasOneLineForEmptyCells() {
        assertThat(DemoTable.of(2, 2).row(List.of("", "x"))).containsExactly("    x");
    }

    @Test
    void fitsItsColumnsToTheWidestCells() {
        DemoTable table = DemoTable.fitting(List.of(List.of("a", "bb"), List.of("ccc", "d")));

        assertThat(table.widths()).containsExactly(3, 2);
        assertThat(table.row(List.of("a", "bb"))).containsExactly("a    bb");
    }
}
