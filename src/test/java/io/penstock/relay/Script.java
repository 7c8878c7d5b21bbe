package io.penstock.relay;

import java.util.List;

/** What an upstream does when it is asked. What a script leaves undone a test may do later. */
@FunctionalInterface
interface Script {

    /** Says nothing, ever. */
    Script HANG = call -> {};

    void play(ScriptedCall call);

    /** Plays this, and then more. */
    default Script then(Script more) {
        return call -> {
            play(call);
            more.play(call);
        };
    }

    /** A whole JSON answer. */
    static Script json(int status, String body, String... headers) {
        return call ->
                head(call, status, "application/json", headers).chunk(body).end();
    }

    /** A whole event stream. */
    static Script stream(List<String> chunks) {
        return call -> {
            head(call, 200, "text/event-stream");
            chunks.forEach(call::chunk);
            call.end();
        };
    }

    /** The head of an event stream; the test sends the rest. */
    static Script openStream(String... headers) {
        return call -> head(call, 200, "text/event-stream", headers);
    }

    /** No answer but this. */
    static Script failure(Throwable cause) {
        return call -> call.fail(cause);
    }

    private static ScriptedCall head(ScriptedCall call, int status, String contentType, String... headers) {
        String[] all = new String[headers.length + 2];
        all[0] = "content-type";
        all[1] = contentType;
        System.arraycopy(headers, 0, all, 2, headers.length);
        return call.head(status, all);
    }
}
