package io.penstock.dialect;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The frame by which Penstock ends a stream that cannot be finished: an error in the words of the API that was asked, so
 * that its SDK raises its own exception instead of taking half an answer for a whole one. Follows the bytes that have
 * been sent, because a frame can only be put where one may begin. Not thread-safe.
 */
public final class TerminalFrame {
    private static final byte[] NONE = {};

    private final Dialect dialect;
    private final Operation operation;
    private final boolean streaming;
    private @Nullable StreamPosition position;

    /** @param streaming whether a stream was asked for; a JSON array is one only then */
    public TerminalFrame(Dialect dialect, Operation operation, boolean streaming, @Nullable String contentType) {
        this.dialect = dialect;
        this.operation = operation;
        this.streaming = streaming;
        this.position = switch (MediaType.of(contentType)) {
            case EVENT_STREAM -> new StreamPosition.InEvents();
            case NDJSON -> new StreamPosition.InLines();
            case JSON -> streaming ? new StreamPosition.InArray() : StreamPosition.NOWHERE;
            case OTHER -> StreamPosition.NOWHERE;
            // Known with the first byte.
            case UNSAID -> null;
        };
    }

    /** These bytes go to the application. */
    public void follow(byte[] bytes, int offset, int length) {
        for (int i = offset; position == null && i < offset + length; i++) {
            position = recognise(bytes[i]);
        }
        if (position != null) {
            position.follow(bytes, offset, length);
        }
    }

    private @Nullable StreamPosition recognise(byte first) {
        return switch (first) {
            case ' ', '\t', '\r', '\n', (byte) 0xEF, (byte) 0xBB, (byte) 0xBF -> null;
            case 'd', 'e', 'i', 'r', ':' -> new StreamPosition.InEvents();
            default -> streaming ? new StreamPosition.InArray() : StreamPosition.NOWHERE;
        };
    }

    /**
     * The bytes that end the stream where it now stands, whatever was left unfinished included.
     *
     * @param status the HTTP status that the failure would have had before the commit
     * @param code Penstock's category
     * @param number of this frame in the stream, from 0
     * @return empty where no frame can be put: inside a document, or in a stream of an unknown kind
     */
    public byte[] render(int status, String code, String message, long number) {
        StreamPosition now = position;
        if (now == null) {
            return NONE;
        }
        String prefix = now.prefix();
        if (prefix == null) {
            return NONE;
        }
        boolean events = now instanceof StreamPosition.InEvents;
        String payload = operation == Operation.RESPONSES && events
                ? responsesError(status, code, message, number)
                : new String(ErrorEnvelope.render(dialect(), status, code, message), StandardCharsets.UTF_8);
        String frame = events ? event() + "data: " + payload : payload;
        return (prefix + frame + now.suffix()).getBytes(StandardCharsets.UTF_8);
    }

    /** Whose words the application expects: a Gemini or Anthropic upstream may serve OpenAI's operations too. */
    private Dialect dialect() {
        return switch (operation) {
            case CHAT_COMPLETIONS, COMPLETIONS, RESPONSES -> Dialect.OPENAI;
            case MESSAGES -> Dialect.ANTHROPIC;
            case GENERATE_CONTENT -> Dialect.GEMINI;
            default -> dialect;
        };
    }

    /** Anthropic and OpenAI's responses name their events; in chat completions and Gemini an error is a frame like others. */
    private String event() {
        return operation == Operation.RESPONSES || dialect() == Dialect.ANTHROPIC ? "event: error\n" : "";
    }

    /**
     * The {@code error} event of OpenAI's responses. Its reference has the fields on the outermost level, its service sends
     * them in {@code error} as well, and the SDKs raise by either.
     */
    private static String responsesError(int status, String code, String message, long number) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(256);
        try (JsonGenerator json = Json.factory().createGenerator(out)) {
            json.writeStartObject();
            json.writeStringField("type", "error");
            json.writeStringField("code", code);
            json.writeStringField("message", message);
            json.writeNullField("param");
            json.writeNumberField("sequence_number", number);
            json.writeObjectFieldStart("error");
            json.writeStringField("type", ErrorEnvelope.openAiType(status));
            json.writeStringField("code", code);
            json.writeStringField("message", message);
            json.writeNullField("param");
            json.writeEndObject();
            json.writeEndObject();
        } catch (IOException impossible) {
            throw new UncheckedIOException("a byte array refused bytes", impossible);
        }
        return out.toString(StandardCharsets.UTF_8);
    }
}
