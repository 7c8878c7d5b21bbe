package io.penstock.classify;

/** A word, or a phrase, that is sought in many texts. Immutable and thread-safe. */
final class Word {
    private final String word;
    private final int[] trigrams;

    /** @param word lower case, white space single */
    Word(String word) {
        this.word = word;
        this.trigrams = Trigrams.slots(word);
    }

    boolean foundIn(RuleText text) {
        return endIn(text, 0) >= 0;
    }

    /** Where its first occurrence from {@code from} on ends, or -1. */
    int endIn(RuleText text, int from) {
        int start = text.mayHold(trigrams) ? text.plain().indexOf(word, from) : -1;
        return start < 0 ? -1 : start + word.length();
    }

    @Override
    public String toString() {
        return word;
    }
}
