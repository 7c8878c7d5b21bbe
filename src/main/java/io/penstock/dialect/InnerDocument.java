package io.penstock.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The error document inside a sentence: gateways pass on what the provider behind them said as their own message, plain
 * ({@code {"error":…}}) or after a chain of the exceptions that it went through
 * ({@code litellm.RateLimitError: RateLimitError: OpenAIException - {…}}, {@code Error code: 429 - {'error': …}}). Nothing
 * else may stand before the document: a document after other words may be the caller's, quoted.
 */
final class InnerDocument {
    private static final int LONGEST_CHAIN = 256;
    private static final Set<String> CHAIN_WORDS =
            Set.of("-", "Error", "error", "API", "HTTP", "code", "status", "body", "upstream", "response");
    private static final String GATEWAY_WITH_CHAINS = "litellm.";

    private InnerDocument() {}

    /** The document that a text is or ends in; null where there is none. */
    static @Nullable JsonNode of(String text) {
        String stripped = text.strip();
        int brace = stripped.indexOf('{');
        if (brace < 0) {
            return null;
        }
        if (brace == 0 || stripped.startsWith("[{")) {
            return first(isPython(stripped, brace) ? PythonLiteral.dictionary(stripped, brace) : stripped);
        }
        boolean bytes = brace >= 2 && stripped.charAt(brace - 2) == 'b' && isQuote(stripped.charAt(brace - 1));
        int start = bytes ? brace - 2 : brace;
        if (start > LONGEST_CHAIN || !isChain(stripped.substring(0, start))) {
            return null;
        }
        if (bytes) {
            String content = PythonLiteral.bytes(stripped, brace - 1);
            return content == null ? null : first(content);
        }
        return first(isPython(stripped, brace) ? PythonLiteral.dictionary(stripped, brace) : stripped.substring(brace));
    }

    /** The names of the exceptions by which LiteLLM's messages begin, in their order; they say what it took the error for. */
    static List<String> exceptions(String message) {
        List<String> names = new ArrayList<>();
        if (message.startsWith(GATEWAY_WITH_CHAINS)) {
            String head = message.substring(0, Math.min(message.length(), LONGEST_CHAIN));
            for (String word : head.split("\\s", -1)) {
                String name = exceptionName(word);
                if (name == null || !word.endsWith(":")) {
                    break;
                }
                names.add(name);
            }
        }
        return names;
    }

    private static boolean isChain(String prefix) {
        boolean any = false;
        for (String word : prefix.strip().split("\\s+", -1)) {
            String bare = bare(word);
            boolean status = bare.length() == 3 && bare.chars().allMatch(c -> c >= '0' && c <= '9');
            if (exceptionName(word) == null && !status && !CHAIN_WORDS.contains(bare)) {
                return false;
            }
            any = true;
        }
        return any;
    }

    private static @Nullable String exceptionName(String word) {
        String bare = bare(word);
        String name = bare.substring(bare.lastIndexOf('.') + 1);
        boolean letters = !name.isEmpty() && name.chars().allMatch(Character::isLetterOrDigit);
        return letters && (name.endsWith("Error") || name.endsWith("Exception") || name.equals("Timeout"))
                ? name
                : null;
    }

    private static String bare(String word) {
        return word.endsWith(":") || word.endsWith(",") ? word.substring(0, word.length() - 1) : word;
    }

    /** Python prints keys in single quotation marks, JSON never does. */
    private static boolean isPython(String text, int brace) {
        int next = brace + 1;
        while (next < text.length() && Character.isWhitespace(text.charAt(next))) {
            next++;
        }
        return next < text.length() && text.charAt(next) == '\'';
    }

    private static boolean isQuote(char c) {
        return c == '\'' || c == '"';
    }

    private static @Nullable JsonNode first(String json) {
        List<JsonNode> values = LenientJson.values(json);
        return values.isEmpty() ? null : values.get(0);
    }
}
