package io.penstock.classify;

import io.penstock.dialect.ProviderError;
import io.penstock.dialect.ProviderError.Kind;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The part of a provider's message that is the provider's own words: in lower case, white space run together, and without
 * what stands in quotation marks, because providers quote the request there. Names that belong to the protocol stay
 * ({@code `tool_use` ids must be unique}): they say what the sentence is about, and no prompt of that one word can mislead.
 */
final class Prose {
    private static final String MARKS = "\"`'\u00ab\u300c\u300e";
    private static final String CLOSING = "\"`'\u00bb\u300d\u300f";

    private static final Set<String> PROTOCOL_NAMES = Set.of(
            "tool_use",
            "tool_result",
            "tool_use_id",
            "tool_calls",
            "tool_call_id",
            "server_tool_use",
            "tool_choice",
            "thinking",
            "redacted_thinking",
            "signature",
            "max_tokens",
            "max_completion_tokens",
            "max_output_tokens",
            "max_new_tokens",
            "cache_control",
            "messages",
            "inputs",
            "alt",
            "alt=sse",
            "tool",
            "user",
            "assistant",
            "system",
            "actualmodel",
            "store",
            "reasoning_effort",
            "budget_tokens",
            "thinking.budget_tokens");

    /** A name of a model, which is quoted by itself and followed by what is the matter with it. */
    private static final Pattern NAME = Pattern.compile("[^\\s\"'`]{1,128}");

    private static final List<String> NAMED = List.of("model ", "models ", "model: ", "deployment ", "engine ");
    private static final int LONGEST_NAME = 130;

    private final String text;
    private final StringBuilder words;
    private int at;

    private Prose(String text) {
        this.text = text;
        this.words = new StringBuilder(text.length());
    }

    /** A page is made for people and says nothing sure. */
    static String sentence(ProviderError error) {
        String message = error.message();
        return message == null || error.kind() == Kind.HTML ? "" : of(message);
    }

    static String of(String message) {
        String text = RuleText.normal(message)
                .replace('\u2018', '\'')
                .replace('\u2019', '\'')
                .replace('\u201c', '"')
                .replace('\u201d', '"');
        Prose prose = new Prose(text);
        prose.read();
        return RuleText.normal(prose.words.toString()).strip();
    }

    private void read() {
        while (at < text.length()) {
            int mark = MARKS.indexOf(text.charAt(at));
            if (mark < 0 || insideWord(at - 1)) {
                words.append(text.charAt(at));
                at++;
            } else {
                quotation(CLOSING.charAt(mark));
            }
        }
    }

    private void quotation(char closing) {
        int close = text.indexOf(closing, at + 1);
        String name = close < 0 || close - at > LONGEST_NAME ? null : text.substring(at + 1, close);
        if (name != null && PROTOCOL_NAMES.contains(name)) {
            words.append(name);
            at = close + 1;
        } else if (name != null
                && close == text.lastIndexOf(closing)
                && !insideWord(close + 1)
                && NAME.matcher(name).matches()
                && announced()) {
            words.append(' ');
            at = close + 1;
        } else {
            words.append(' ');
            at = lastClosing(closing);
        }
    }

    private boolean announced() {
        return NAMED.stream().anyMatch(word -> endsWith(words, word));
    }

    /**
     * Everything from the first opening to the last closing mark is left out: what is quoted may hold marks of its own, and
     * losing a few of the provider's words is better than believing the caller's. A mark inside a word is an apostrophe.
     */
    private int lastClosing(char closing) {
        int close = text.lastIndexOf(closing);
        while (close > at && insideWord(close + 1)) {
            close = text.lastIndexOf(closing, close - 1);
        }
        return close > at ? close + 1 : text.length();
    }

    private boolean insideWord(int neighbour) {
        return neighbour >= 0 && neighbour < text.length() && Character.isLetterOrDigit(text.charAt(neighbour));
    }

    private static boolean endsWith(StringBuilder text, String ending) {
        int start = text.length() - ending.length();
        return start >= 0 && text.indexOf(ending, start) == start;
    }
}
