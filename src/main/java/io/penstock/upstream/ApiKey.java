package io.penstock.upstream;

import io.penstock.dialect.Dialect;
import io.vertx.core.MultiMap;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A credential of Penstock's own. Shows itself only as a hint, everywhere. */
public final class ApiKey {
    private static final int SHOWN = 4;
    /** A hint must not give away a noticeable part of a short key. */
    private static final int SHORT = 16;

    private static final List<String> AZURE =
            List.of(".openai.azure.com", ".openai.azure.us", ".cognitiveservices.azure.com", ".services.ai.azure.com");

    private final String secret;

    public ApiKey(String secret) {
        this.secret = secret;
    }

    /** {@code sk-a…wxyz}, or {@code …} for a key too short to show anything of. */
    public String hint() {
        return secret.length() < SHORT
                ? "…"
                : secret.substring(0, SHOWN) + "…" + secret.substring(secret.length() - SHOWN);
    }

    /** Puts the key where a provider of that dialect expects it. */
    void applyTo(MultiMap headers, Dialect dialect, URI url) {
        switch (dialect) {
            case ANTHROPIC -> headers.set("x-api-key", secret);
            case GEMINI -> headers.set("x-goog-api-key", secret);
            case OPENAI, BEDROCK, OLLAMA -> {
                if (isAzure(url.getHost())) {
                    // Azure takes keys in a header of its own; its Authorization header is for Entra ID tokens.
                    headers.set("api-key", secret);
                } else {
                    headers.set("authorization", "Bearer " + secret);
                }
            }
        }
    }

    private static boolean isAzure(String host) {
        return AZURE.stream().anyMatch(host::endsWith);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ApiKey key && key.secret.equals(secret);
    }

    @Override
    public int hashCode() {
        return secret.hashCode();
    }

    @Override
    public String toString() {
        return hint();
    }
}
