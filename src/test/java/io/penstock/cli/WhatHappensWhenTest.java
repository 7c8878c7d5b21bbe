package io.penstock.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.classify.Category;
import io.penstock.classify.Phase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Keeps the page about every failure in step with the categories and phases of the program. */
class WhatHappensWhenTest {
    private static final Path PAGE = Path.of("docs/what-happens-when.md");
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");
    private static final String CATEGORIES = "category";
    private static final String PHASES = "phase";
    private static final String HELD_AGAINST = "held against";

    @Test
    void everyCategoryOfTheProgramHasARowAndNoOtherDoes() throws IOException {
        assertThat(codesIn(CATEGORIES))
                .isEqualTo(
                        Category.builtIn().stream().map(Category::name).collect(Collectors.toCollection(TreeSet::new)));
    }

    @Test
    void everyPhaseThatARowNamesIsOneOfTheProgram() throws IOException {
        assertThat(codesIn(PHASES))
                .isNotEmpty()
                .isSubsetOf(Stream.of(Phase.values()).map(Phase::label).toList());
    }

    @Test
    void everyRowHoldsItsFailureAgainstWhatTheProgramDoes() throws IOException {
        int checked = 0;
        for (Row row : rows()) {
            String held = row.cell(HELD_AGAINST);
            List<String> names = codes(row.cell(CATEGORIES));
            // A row whose category is an example, or that explains why it is an exception, has words of its own.
            if (held.isEmpty() || held.contains(":") || held.startsWith("as ") || names.isEmpty()) {
                continue;
            }
            for (Category category : Category.builtIn()) {
                if (names.contains(category.name())) {
                    String counts = category.reaction().countsFor().label();
                    assertThat(held).as(row.toString()).startsWith(counts);
                    checked++;
                }
            }
        }
        assertThat(checked).isGreaterThan(30);
    }

    @Test
    void everyRowHasAsManyCellsAsItsTable() throws IOException {
        assertThat(rows()).allSatisfy(row -> assertThat(row.cells()).hasSameSizeAs(row.columns()));
    }

    @Test
    void thePagesAroundItLinkToIt() throws IOException {
        for (String page : List.of("README.md", "docs/errors.md", "docs/relaying.md")) {
            assertThat(Files.readString(Path.of(page))).as(page).contains("what-happens-when.md)");
        }
    }

    private record Row(List<String> columns, List<String> cells) {

        /** Empty where the table has no such column. */
        String cell(String column) {
            int index = columns.indexOf(column);
            return index < 0 ? "" : cells.get(index);
        }
    }

    private static Set<String> codesIn(String column) throws IOException {
        return rows().stream()
                .flatMap(row -> codes(row.cell(column)).stream())
                .filter(code -> !code.equals("success"))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static List<String> codes(String cell) {
        Matcher code = CODE.matcher(cell);
        return code.results().map(found -> found.group(1)).toList();
    }

    private static List<Row> rows() throws IOException {
        List<Row> rows = new ArrayList<>();
        List<String> columns = List.of();
        for (String line : Files.readAllLines(PAGE)) {
            if (!line.startsWith("|")) {
                columns = List.of();
            } else if (columns.isEmpty()) {
                columns = cells(line);
            } else if (!line.startsWith("|---")) {
                rows.add(new Row(columns, cells(line)));
            }
        }
        return rows;
    }

    private static List<String> cells(String line) {
        return Stream.of(line.substring(1, line.lastIndexOf('|')).split("\\|", -1))
                .map(String::strip)
                .toList();
    }
}
