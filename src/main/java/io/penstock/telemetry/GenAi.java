package io.penstock.telemetry;

import io.penstock.dialect.Dialect;
import io.penstock.dialect.Operation;
import java.util.Set;

/**
 * The vocabulary of OpenTelemetry's semantic conventions for generative AI. Only operations of a model count as such:
 * listing models and counting tokens are none.
 */
final class GenAi {
    private static final Set<Operation> MODEL_OPERATIONS = Set.of(
            Operation.CHAT_COMPLETIONS,
            Operation.RESPONSES,
            Operation.COMPLETIONS,
            Operation.EMBEDDINGS,
            Operation.MESSAGES,
            Operation.GENERATE_CONTENT,
            Operation.EMBED_CONTENT);

    private GenAi() {}

    /** The values of {@code gen_ai.token.type}. */
    enum TokenType {
        INPUT("input"),
        OUTPUT("output");

        private final String label;

        TokenType(String label) {
            this.label = label;
        }

        String label() {
            return label;
        }
    }

    static boolean isModelOperation(Operation operation) {
        return MODEL_OPERATIONS.contains(operation);
    }

    /** The value of {@code gen_ai.provider.name}. */
    static String providerName(Dialect dialect) {
        return switch (dialect) {
            case OPENAI, ANTHROPIC, OLLAMA -> dialect.label();
            case GEMINI -> "gcp.gemini";
            case BEDROCK -> "aws.bedrock";
        };
    }
}
