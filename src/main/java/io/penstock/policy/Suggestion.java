package io.penstock.policy;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;

/** Guesses what a misspelt word was meant to be. */
public final class Suggestion {
    private static final int LONGEST = 64;
    private static final int MOST_CANDIDATES = 500;

    private Suggestion() {}

    /** A half sentence such as {@code "; did you mean 'firstContent'?"}, or nothing where no candidate is near. */
    public static String among(Collection<String> candidates, String word) {
        if (word.isEmpty() || word.length() > LONGEST) {
            return "";
        }
        String plain = plain(word);
        int near = Math.max(1, plain.length() / 3);
        return candidates.stream()
                .limit(MOST_CANDIDATES)
                .filter(candidate -> distance(plain, plain(candidate)) <= near)
                .min(Comparator.comparingInt(candidate -> distance(plain, plain(candidate))))
                .map(candidate -> "; did you mean '" + candidate + "'?")
                .orElse("");
    }

    /** Letter case and separators are style: {@code first_content} is {@code firstContent} in another one. */
    private static String plain(String word) {
        return word.toLowerCase(Locale.ROOT).replace("_", "").replace("-", "");
    }

    /** Optimal string alignment distance: insertions, deletions, substitutions, and swaps of neighbours. */
    private static int distance(String a, String b) {
        int[][] d = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    d[i][j] = i + j;
                    continue;
                }
                int substitution = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                d[i][j] = Math.min(Math.min(d[i - 1][j], d[i][j - 1]) + 1, d[i - 1][j - 1] + substitution);
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
                }
            }
        }
        return d[a.length()][b.length()];
    }
}
