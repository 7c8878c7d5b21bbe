package io.penstock.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Sets text in columns of fixed widths, two spaces apart. Cells are wrapped between words; a word that is too long for its
 * column is broken. Pure.
 */
record DemoTable(List<Integer> widths) {
    private static final String GAP = "  ";

    static DemoTable of(Integer... widths) {
        return new DemoTable(List.of(widths));
    }

    /** A table whose columns are as wide as their widest cells. */
    static DemoTable fitting(List<List<String>> rows) {
        int columns = rows.stream().mapToInt(List::size).max().orElse(0);
        return new DemoTable(IntStream.range(0, columns)
                .mapToObj(column -> rows.stream()
                        .filter(row -> column < row.size())
                        .mapToInt(row -> row.get(column).length())
                        .max()
                        .orElse(0))
                .toList());
    }

    /** The lines of one row, without trailing spaces. */
    List<String> row(List<String> cells) {
        List<List<String>> wrapped = IntStream.range(0, cells.size())
                .mapToObj(i -> wrap(cells.get(i), widths.get(i)))
                .toList();
        int height = wrapped.stream().mapToInt(List::size).max().orElse(0);
        return IntStream.range(0, height).mapToObj(i -> line(wrapped, i)).toList();
    }

    private String line(List<List<String>> cells, int index) {
        StringBuilder line = new StringBuilder();
        for (int column = 0; column < cells.size(); column++) {
            List<String> cell = cells.get(column);
            String text = index < cell.size() ? cell.get(index) : "";
            line.append(column == 0 ? "" : GAP).append(text).append(" ".repeat(widths.get(column) - text.length()));
        }
        return line.toString().stripTrailing();
    }

    private static List<String> wrap(String text, int width) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : text.split(" ", -1)) {
            if (line.length() > 0 && line.length() + 1 + word.length() > width) {
                lines.add(line.toString());
                line.setLength(0);
            }
            line.append(line.length() == 0 ? "" : " ").append(word);
            while (line.length() > width) {
                lines.add(line.substring(0, width));
                line.delete(0, width);
            }
        }
        lines.add(line.toString());
        return lines;
    }
}
