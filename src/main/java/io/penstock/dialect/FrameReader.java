package io.penstock.dialect;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Says what the frames of one stream are, one after the other, and notes what they tell. One small pass over each frame's
 * bytes; no tree is built and long texts are not decoded.
 */
final class FrameReader {
    private final AnswerProtocol protocol;
    private final AnswerState state;
    private final JsonWalk walk;
    private boolean unreadFrames;

    FrameReader(AnswerProtocol protocol, AnswerState state) {
        this.protocol = protocol;
        this.state = state;
        this.walk = new JsonWalk(protocol.shape(), state);
    }

    FrameKind read(SseEvent event) {
        if (event.oversized()) {
            unreadFrames = true;
            state.unreadDocument();
            return judged(event);
        }
        if (event.length() == 0) {
            return FrameKind.KEEP_ALIVE;
        }
        if (event.dataIs("[DONE]")) {
            state.terminal();
            return FrameKind.TERMINAL;
        }
        state.beginDocument();
        if (walkThrough(event)) {
            return judged(event);
        }
        // What was understood before the break counts for nothing.
        state.beginDocument();
        if ("error".equals(event.name())) {
            state.textError(event.text());
            return FrameKind.ERROR;
        }
        return isKeepAlive(event.name()) ? FrameKind.KEEP_ALIVE : FrameKind.MALFORMED;
    }

    /** Whether the stream, wherever it breaks off now, has said all there is to say. */
    boolean finished() {
        return protocol.endsWithFinishReason() && state.finished();
    }

    /** Whether the stream, now ended properly, is whole. */
    boolean wholeAtEnd() {
        // A frame too large to look into may have held the end.
        return state.terminalSeen() || unreadFrames || protocol.wholeWithoutMarker(state);
    }

    private FrameKind judged(SseEvent event) {
        FrameKind kind = kindOf(event.name());
        state.endDocument(kind, event.data(), 0, event.length());
        return kind;
    }

    private FrameKind kindOf(@Nullable String name) {
        if ("error".equals(name)) {
            return FrameKind.ERROR;
        }
        return isKeepAlive(name) || isKeepAlive(state.documentType())
                ? FrameKind.KEEP_ALIVE
                : protocol.kindOf(name, state);
    }

    private boolean walkThrough(SseEvent event) {
        walk.reset();
        try (JsonParser parser = Json.factory().createParser(event.data(), 0, event.length())) {
            JsonToken token = parser.nextToken();
            boolean anything = token != null;
            while (token != null) {
                walk.accept(token, parser);
                token = parser.nextToken();
            }
            return anything;
        } catch (IOException broken) {
            return false;
        }
    }

    private static boolean isKeepAlive(@Nullable String name) {
        return "ping".equals(name) || "keepalive".equals(name) || "heartbeat".equals(name);
    }
}
