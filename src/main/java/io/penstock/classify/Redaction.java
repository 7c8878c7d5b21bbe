package io.penstock.classify;

import java.util.List;
import java.util.regex.Pattern;

/**
 * Makes a provider's message fit for a record: providers echo keys, and their messages can be long. Every pattern is
 * linear in the length of the text.
 */
public final class Redaction {

    /** The longest message that a record keeps, in bytes of UTF-8. */
    public static final int MAX_MESSAGE_BYTES = 1024;

    private static final String MASK = "***";

    private static final List<Pattern> SECRETS = List.of(
            // Vendor prefixes: OpenAI, Anthropic, OpenRouter and many others; then those that also begin ordinary
            // names.
            Pattern.compile("(?<![A-Za-z0-9])sk-[A-Za-z0-9_*.\\-]{6,}"),
            Pattern.compile(
                    "(?<![A-Za-z0-9])(?:gsk_|xai-|hf_|pplx-|nvapi-|gh[opsu]_|r8_|rk-|pk-)[A-Za-z0-9_*.\\-]{16,}"),
            Pattern.compile("(?<![A-Za-z0-9])AIza[A-Za-z0-9_*\\-]{6,}"),
            Pattern.compile("(?<![A-Za-z0-9])ya29\\.[A-Za-z0-9_\\-]{6,}"),
            Pattern.compile("(?<![A-Za-z0-9])(?:AKIA|ASIA)[A-Z0-9]{12,}"),
            // JSON Web Tokens.
            Pattern.compile("(?<![A-Za-z0-9])eyJ[A-Za-z0-9_.\\-]{10,}"),
            Pattern.compile("(?i)(?<=\\b(?:bearer|basic)\\s)[A-Za-z0-9+/=_.~*\\-]{6,}"),
            Pattern.compile(
                    "(?i)(?<=(?:^|[?&;,\\s\"'])(?:key|api_key|api-key|apikey|token|access_token|secret|password|sig|signature)=)[^&\\s\"']+"),
            Pattern.compile("(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{40,}={1,2}"),
            // A run without a word's or an id's separators that mixes letters and digits: hexadecimal or base64 keys.
            Pattern.compile("(?<![A-Za-z0-9])(?=[A-Za-z]*[0-9])(?=[0-9]*[A-Za-z])[A-Za-z0-9]{32,}(?![A-Za-z0-9])"));

    private Redaction() {}

    /** Replaces what looks like a credential by {@code ***}. */
    public static String mask(String text) {
        String masked = text;
        for (Pattern secret : SECRETS) {
            masked = secret.matcher(masked).replaceAll(MASK);
        }
        return masked;
    }

    /** Masks a message and cuts it to {@link #MAX_MESSAGE_BYTES}: what a record, a log line or a header may hold. */
    public static String forRecord(String message) {
        return cut(mask(message), MAX_MESSAGE_BYTES);
    }

    /** Cuts a text to a number of bytes of UTF-8, never inside a character. */
    public static String cut(String text, int maxBytes) {
        int bytes = 0;
        for (int i = 0; i < text.length(); ) {
            int codePoint = text.codePointAt(i);
            bytes += codePoint < 0x80 ? 1 : codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4;
            if (bytes > maxBytes) {
                return text.substring(0, i);
            }
            i += Character.charCount(codePoint);
        }
        return text;
    }
}
