package io.penstock.classify;

import io.penstock.classify.RegexNode.Char;
import io.penstock.classify.RegexNode.Choice;
import io.penstock.classify.RegexNode.Group;
import io.penstock.classify.RegexNode.Repeat;
import io.penstock.classify.RegexNode.Sequence;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a text must contain, in this order, for a pattern to match it at all. Searching for words is many times faster than
 * running an automaton, so that hundreds of rules cost little on the texts they do not match: what RE2 calls a prefilter.
 *
 * <p>Looked for in the text as it is before {@link NumberMask} goes over it: there a digit is that digit, masked or not.
 * Where a number is all that is looked for, it has to be there unmasked too.
 */
final class RequiredWords {
    private final List<Chain> chains;

    /**
     * One way to match: each step is a choice of words, and the steps come one after the other.
     *
     * @param number the digits that are the whole of it, or null
     */
    private record Chain(List<List<Word>> steps, @Nullable String number) {

        boolean foundIn(RuleText text) {
            return inOrder(text) && (number == null || text.masked().contains(number));
        }

        private boolean inOrder(RuleText text) {
            int from = 0;
            for (List<Word> words : steps) {
                int end = -1;
                for (Word word : words) {
                    int found = word.endIn(text, from);
                    if (found >= 0 && (end < 0 || found < end)) {
                        end = found;
                    }
                }
                if (end < 0) {
                    return false;
                }
                from = end;
            }
            return true;
        }
    }

    private RequiredWords(List<Chain> chains) {
        this.chains = chains;
    }

    static RequiredWords of(Choice pattern) {
        List<Chain> chains = new ArrayList<>();
        for (Sequence branch : pattern.branches()) {
            List<List<String>> steps = new ArrayList<>();
            collect(branch, steps);
            chains.add(new Chain(
                    steps.stream()
                            .map(words -> words.stream().map(Word::new).toList())
                            .toList(),
                    number(branch)));
        }
        return new RequiredWords(List.copyOf(chains));
    }

    /** False where the pattern surely does not match. */
    boolean foundIn(RuleText text) {
        for (Chain chain : chains) {
            if (chain.foundIn(text)) {
                return true;
            }
        }
        return false;
    }

    private static @Nullable String number(Sequence branch) {
        StringBuilder digits = new StringBuilder();
        for (RegexNode node : branch.nodes()) {
            if (!(node instanceof Char c) || !c.digit()) {
                return null;
            }
            digits.appendCodePoint(c.codePoint());
        }
        return digits.isEmpty() ? null : digits.toString();
    }

    private static void collect(Sequence sequence, List<List<String>> steps) {
        StringBuilder word = new StringBuilder();
        for (RegexNode node : sequence.nodes()) {
            if (node instanceof Char c) {
                word.appendCodePoint(c.codePoint());
                continue;
            }
            flush(word, steps);
            RegexNode needed = node instanceof Repeat repeat && !repeat.optional() ? repeat.node() : node;
            if (needed instanceof Group group) {
                group(group, steps);
            }
        }
        flush(word, steps);
    }

    private static void group(Group group, List<List<String>> steps) {
        List<Sequence> branches = group.body().branches();
        if (branches.size() == 1) {
            collect(branches.get(0), steps);
            return;
        }
        List<String> longest = new ArrayList<>();
        for (Sequence branch : branches) {
            List<List<String>> inner = new ArrayList<>();
            collect(branch, inner);
            inner.stream().max(Comparator.comparingInt(RequiredWords::shortest)).ifPresent(longest::addAll);
            if (inner.isEmpty()) {
                // One of the alternatives needs no word, so the group as a whole needs none.
                return;
            }
        }
        steps.add(List.copyOf(longest));
    }

    /** How much a choice of words tells texts apart: the length of the shortest. */
    private static int shortest(List<String> words) {
        return words.stream().mapToInt(String::length).min().orElse(0);
    }

    private static void flush(StringBuilder word, List<List<String>> steps) {
        if (!word.isEmpty()) {
            steps.add(List.of(word.toString()));
            word.setLength(0);
        }
    }
}
