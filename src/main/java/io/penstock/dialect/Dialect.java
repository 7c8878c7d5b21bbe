package io.penstock.dialect;

import java.util.Optional;
import java.util.stream.Stream;

/** A provider's wire protocol. */
public enum Dialect {
    /** Chat completions, responses, embeddings and the other OpenAI-compatible paths. */
    OPENAI("openai", true),
    ANTHROPIC("anthropic", true),
    GEMINI("gemini", true),
    /** Known to the classifier, not relayed yet. */
    BEDROCK("bedrock", false),
    /** Known to the classifier, not relayed yet. */
    OLLAMA("ollama", false);

    private final String label;
    private final boolean relayed;

    Dialect(String label, boolean relayed) {
        this.label = label;
        this.relayed = relayed;
    }

    /** The name in policy files, records and metrics. */
    public String label() {
        return label;
    }

    /** Whether a route can speak it. */
    public boolean relayed() {
        return relayed;
    }

    public static Optional<Dialect> of(String label) {
        return Stream.of(values()).filter(d -> d.label.equals(label)).findFirst();
    }
}
