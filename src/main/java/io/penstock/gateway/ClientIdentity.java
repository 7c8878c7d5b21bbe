package io.penstock.gateway;

import io.vertx.core.MultiMap;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a request's headers tell of who sends it. */
final class ClientIdentity {
    private static final int MAX_LENGTH = 128;
    /** Printable and without white space: it goes into logs and query parameters. */
    private static final Pattern PLAIN = Pattern.compile("[!-~]{1," + MAX_LENGTH + "}");

    private static final Pattern PRODUCT =
            Pattern.compile("[A-Za-z0-9._-]{1,40}(/[A-Za-z][A-Za-z._-]{0,19}(?![A-Za-z0-9._-]))?");

    /** The headers in which known clients name their session: Claude Code, Codex, and the common ones. */
    private static final List<String> SESSION_HEADERS =
            List.of("x-claude-code-session-id", "session_id", "session-id", "x-session-id", "x-conversation-id");

    private ClientIdentity() {}

    /** The session that a header names, or null. */
    static @Nullable String session(MultiMap headers) {
        return SESSION_HEADERS.stream()
                .map(headers::get)
                .filter(value -> value != null && PLAIN.matcher(value).matches())
                .findFirst()
                .orElse(null);
    }

    /**
     * The family of a user agent: its first product without the version, such as {@code OpenAI/Java} of
     * {@code OpenAI/Java 4.1.0} or {@code curl} of {@code curl/8.5.0}; {@code "unknown"} where there is none.
     */
    static String family(MultiMap headers) {
        String agent = headers.get("user-agent");
        if (agent == null || agent.length() > 1024) {
            return "unknown";
        }
        var product = PRODUCT.matcher(agent.strip());
        return product.lookingAt() ? product.group() : "unknown";
    }
}
