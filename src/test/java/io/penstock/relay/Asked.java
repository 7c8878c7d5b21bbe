package io.penstock.relay;

import io.vertx.core.http.HttpMethod;
import java.util.Locale;
import java.util.stream.Stream;

/** In which API an application asks, for a stream or for a whole answer, and what it may be answered there. */
record Asked(Tongue tongue, boolean streaming) {

    /** More than is held of a document, so that it is committed before its end. */
    private static final int LONG = 300_000;

    static Stream<Asked> inEveryWay() {
        return Stream.of(Tongue.values())
                .flatMap(tongue -> Stream.of(new Asked(tongue, true), new Asked(tongue, false)))
                // Without a stream the two forms of Gemini's are one.
                .filter(asked -> asked.streaming || asked.tongue != Tongue.GEMINI_ARRAY);
    }

    static Stream<Asked> forAStream() {
        return inEveryWay().filter(Asked::streaming);
    }

    Rig of(Rig rig) {
        String path =
                streaming ? tongue.path() : tongue.path().replace(":streamGenerateContent?alt=sse", ":generateContent");
        return rig.asks(tongue.dialect, HttpMethod.POST, path, tongue.body(streaming));
    }

    /** The model that is asked for. */
    String model() {
        return switch (tongue.dialect) {
            case ANTHROPIC -> "claude-sonnet-4-5";
            case GEMINI -> "gemini-3";
            default -> "gpt-5";
        };
    }

    /** What the application gets, byte for byte, when nothing goes wrong. */
    String answer() {
        return streaming ? tongue.whole() : document();
    }

    Script answers() {
        return streaming ? tongue.streamsWell() : Script.json(200, answer());
    }

    /** A good answer that has been committed, and of which more is to come. */
    String begun() {
        return streaming
                ? tongue.begun() + tongue.content.get(0)
                : answer().substring(0, answer().length() - 1) + ",\"more\":\"" + "x".repeat(LONG);
    }

    /** Answers with a good status and these pieces, and says no more. */
    Script says(String... pieces) {
        return call -> {
            call.head(200, "content-type", streaming ? tongue.contentType : "application/json");
            for (String piece : pieces) {
                call.chunk(piece);
            }
        };
    }

    /** Refuses with an error's status. */
    Script refuses(ProviderSays told, String... headers) {
        return Script.json(told.status(), told.document(tongue.dialect), headers);
    }

    /** Says the same inside a 200: in a stream when it has begun, but before any content. */
    Script fails(ProviderSays told) {
        return streaming
                ? says(tongue.begun(), inTheStream(told, false)).then(ScriptedCall::end)
                : says(inA200(told)).then(ScriptedCall::end);
    }

    /** The frame that tells of a failure. */
    String inTheStream(ProviderSays told, boolean afterContent) {
        String document = told.document(tongue.dialect);
        return switch (tongue) {
            case CHAT, GEMINI -> "data: " + document + "\n\n";
            case RESPONSES ->
                "event: error\ndata: {\"type\":\"error\",\"sequence_number\":2,\"error\":" + told.error() + "}\n\n";
            case MESSAGES -> "event: error\ndata: " + document + "\n\n";
            case GEMINI_ARRAY -> (afterContent ? "," : "") + document + "\n]";
        };
    }

    private String inA200(ProviderSays told) {
        return tongue == Tongue.RESPONSES
                ? "{\"object\":\"response\",\"status\":\"failed\",\"output\":[],\"error\":" + told.error() + "}"
                : told.document(tongue.dialect);
    }

    /** What the API has to keep a connection alive, and which is no answer. */
    String ping() {
        return streaming && tongue != Tongue.GEMINI_ARRAY ? Wire.PING : "\n";
    }

    private String document() {
        return switch (tongue) {
            case CHAT -> Wire.ANSWER;
            case RESPONSES ->
                "{\"object\":\"response\",\"status\":\"completed\",\"output\":[{\"type\":\"message\",\"content\":"
                        + "[{\"type\":\"output_text\",\"text\":\"Hello\"}]}]}";
            case MESSAGES ->
                "{\"type\":\"message\",\"role\":\"assistant\",\"content\":[{\"type\":\"text\",\"text\":\"Hello\"}],\"stop_reason\":\"end_turn\"}";
            case GEMINI, GEMINI_ARRAY ->
                "{\"candidates\":[{\"content\":{\"role\":\"model\",\"parts\":[{\"text\":\"Hello\"}]},\"finishReason\":\"STOP\"}]}";
        };
    }

    @Override
    public String toString() {
        return tongue.name().toLowerCase(Locale.ROOT) + (streaming ? ", stream" : ", whole");
    }
}
