package io.penstock.classify;

/**
 * Which runs of three characters a text has, roughly: a word one of whose runs is missing is surely not in the text, so that
 * it need not be searched for. One pass over the text saves one for nearly every word of every rule. Immutable.
 */
final class Trigrams {
    private static final int LENGTH = 3;
    private static final int SLOTS = 1 << 16;

    private final long[] seen = new long[SLOTS / Long.SIZE];

    /** Those of a text. */
    Trigrams(String text) {
        for (int i = 0; i + LENGTH <= text.length(); i++) {
            int slot = slot(text, i);
            seen[slot >> 6] |= 1L << slot;
        }
    }

    /** The slots of a word, to be asked for by {@link #mayHold}; none where it is too short. */
    static int[] slots(String word) {
        int[] slots = new int[Math.max(0, word.length() - LENGTH + 1)];
        for (int i = 0; i < slots.length; i++) {
            slots[i] = slot(word, i);
        }
        return slots;
    }

    boolean mayHold(int[] slots) {
        for (int slot : slots) {
            if ((seen[slot >> 6] & (1L << slot)) == 0) {
                return false;
            }
        }
        return true;
    }

    /** Letters are told apart by five bits each; what shares a slot costs a search, no more. */
    private static int slot(String text, int at) {
        return (text.charAt(at) << 10 ^ text.charAt(at + 1) << 5 ^ text.charAt(at + 2)) & (SLOTS - 1);
    }
}
