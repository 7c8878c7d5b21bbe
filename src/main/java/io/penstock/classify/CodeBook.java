package io.penstock.classify;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What the codes, types, exception names and reasons of the providers mean. One vocabulary for all of them: compatible
 * servers and relays borrow each other's words, and no two mean opposite things by one. Spelling does not matter:
 * {@code rate_limit_error}, {@code RateLimitError} and {@code RateLimitException} are one word.
 */
final class CodeBook {

    /** How much a word says. */
    enum Strength {
        /** Says what happened. */
        TELLING,
        /** Says "refused" or "throttled", which an empty account may hide behind. */
        BROAD,
        /** Says only whose fault it is, and is often a mere default; any better evidence goes before it. */
        GENERIC
    }

    record Meaning(Category category, Strength strength) {

        boolean atLeastAsStrongAs(Meaning other) {
            return strength.compareTo(other.strength) <= 0;
        }
    }

    private static final int LONGEST_IDENTIFIER = 80;

    private final Map<String, Meaning> words = CodeWords.all();
    private final List<CodeFamily> families = CodeFamily.all();

    /** What a word means, if it is known or belongs to a known family. */
    Optional<Meaning> meaning(String code) {
        return code.length() > LONGEST_IDENTIFIER ? Optional.empty() : of(code);
    }

    private Optional<Meaning> of(String code) {
        String word = normal(code);
        Meaning meaning = words.get(word);
        if (meaning == null) {
            meaning = words.get(without(word, "exception"));
        }
        if (meaning == null) {
            meaning = words.get(without(word, "error"));
        }
        int dot = code.lastIndexOf('.');
        if (meaning == null && dot > 0 && code.indexOf(' ') < 0) {
            return refined(code.substring(0, dot), code.substring(dot + 1)).or(() -> byFamily(word));
        }
        return meaning != null ? Optional.of(meaning) : byFamily(word);
    }

    /**
     * Alibaba, Volcengine and Apigee refine a code behind a dot ({@code Throttling.RateQuota},
     * {@code InvalidParameter.DataInspection}): of the two parts the one that says more decides, the finer where both say as
     * much. A number alone is not taken out of its context.
     */
    private Optional<Meaning> refined(String rough, String fine) {
        Optional<Meaning> roughly = of(rough);
        Optional<Meaning> finely =
                fine.isEmpty() || fine.chars().allMatch(Character::isDigit) ? Optional.empty() : of(fine);
        boolean finer = finely.isPresent()
                && roughly.map(finely.get()::atLeastAsStrongAs).orElse(true);
        return finer ? finely : roughly;
    }

    /** Only an identifier has a family: a sentence in a code's place may be anybody's words. */
    private Optional<Meaning> byFamily(String word) {
        if (word.indexOf(' ') >= 0) {
            return Optional.empty();
        }
        return families.stream().filter(family -> family.has(word)).findFirst().map(CodeFamily::meaning);
    }

    /** Lower case without separators; spaces stay, for they make a sentence of it. */
    static String normal(String word) {
        StringBuilder normal = new StringBuilder(word.length());
        String lower = word.strip().toLowerCase(Locale.ROOT);
        for (int i = 0; i < lower.length(); i++) {
            char c = lower.charAt(i);
            if (c != '_' && c != '.' && c != '-') {
                normal.append(c);
            }
        }
        return normal.toString();
    }

    private static String without(String word, String ending) {
        return word.endsWith(ending) ? word.substring(0, word.length() - ending.length()) : word;
    }
}
