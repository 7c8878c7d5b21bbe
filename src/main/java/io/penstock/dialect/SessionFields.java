package io.penstock.dialect;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a request's body in which clients name their session: {@code metadata.session_id} and {@code session_id}
 * (gateways and tracing tools), the session inside {@code metadata.user_id} (Claude Code), {@code conversation}
 * (Responses), and {@code prompt_cache_key} where it is a UUID (Codex; others share one key among all their users).
 */
final class SessionFields {
    private static final int MAX_USER_ID = 1_024;
    private static final String MARK = "_session_";
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:@/+-]{0,127}");
    private static final Pattern UUID = Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

    private @Nullable String fromMetadata;
    private @Nullable String topLevel;
    private @Nullable String fromUserId;
    private @Nullable String conversation;
    private @Nullable String cacheKey;

    /** Reads the value of a top-level field, the parser's current token; leaves the parser at the value's end. */
    void read(String field, JsonParser parser) throws IOException {
        switch (field) {
            case "metadata" -> readMetadata(parser);
            case "session_id" -> topLevel = id(parser);
            case "conversation" -> readConversation(parser);
            case "prompt_cache_key" -> {
                String key = id(parser);
                cacheKey = key != null && UUID.matcher(key).matches() ? key : null;
            }
            default -> parser.skipChildren();
        }
    }

    /** The session, the surest field first; null where none names one. */
    @Nullable
    String sessionId() {
        for (String id : new String[] {fromMetadata, topLevel, fromUserId, conversation, cacheKey}) {
            if (id != null) {
                return id;
            }
        }
        return null;
    }

    private void readMetadata(JsonParser parser) throws IOException {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            parser.skipChildren();
            return;
        }
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String field = parser.currentName();
            parser.nextToken();
            if (field.equals("session_id")) {
                fromMetadata = id(parser);
            } else if (field.equals("user_id")) {
                fromUserId = inUserId(parser);
            } else {
                parser.skipChildren();
            }
        }
    }

    private void readConversation(JsonParser parser) throws IOException {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            conversation = id(parser);
            return;
        }
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String field = parser.currentName();
            parser.nextToken();
            if (field.equals("id")) {
                conversation = id(parser);
            } else {
                parser.skipChildren();
            }
        }
    }

    /** Claude Code packs {@code user_…_session_<uuid>}, or a JSON object with a {@code session_id}, into one string. */
    private static @Nullable String inUserId(JsonParser parser) throws IOException {
        if (parser.currentToken() != JsonToken.VALUE_STRING || parser.getTextLength() > MAX_USER_ID) {
            parser.skipChildren();
            return null;
        }
        String userId = parser.getText();
        int mark = userId.lastIndexOf(MARK);
        if (userId.startsWith("{")) {
            return inPackedObject(userId);
        }
        return mark < 0 ? null : checked(userId.substring(mark + MARK.length()));
    }

    private static @Nullable String inPackedObject(String json) {
        try (JsonParser parser = Json.factory().createParser(json)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String field = parser.currentName();
                parser.nextToken();
                if (field.equals("session_id")) {
                    return id(parser);
                }
                parser.skipChildren();
            }
            return null;
        } catch (IOException notJson) {
            return null;
        }
    }

    private static @Nullable String id(JsonParser parser) throws IOException {
        if (parser.currentToken() == JsonToken.VALUE_STRING) {
            return parser.getTextLength() > MAX_USER_ID ? null : checked(parser.getText());
        }
        parser.skipChildren();
        return null;
    }

    private static @Nullable String checked(String id) {
        return ID.matcher(id).matches() ? id : null;
    }
}
