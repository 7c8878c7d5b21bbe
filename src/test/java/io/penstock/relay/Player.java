package io.penstock.relay;

import io.vertx.core.buffer.Buffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** An upstream's part in one call, played step by step; every chunk of it says whose it is. */
final class Player implements Script {
    private final Part part;
    private final List<Player> stage;
    private final Queue<Consumer<ScriptedCall>> steps = new ArrayDeque<>();
    private final Buffer said = Buffer.buffer();
    private @Nullable ScriptedCall call;

    /** How a part begins. */
    enum Beginning {
        STREAM,
        JSON,
        ERROR,
        WEB_PAGE,
        NO_CONNECTION
    }

    /** How a part that began ends. */
    enum Ending {
        PROPERLY,
        BROKEN,
        NEVER
    }

    /**
     * What is to be played.
     *
     * @param tongue in which a stream speaks
     * @param status of an error
     * @param code of an error
     * @param hint the wait that an error asks for, or null
     * @param frames the frames of a stream
     * @param cuts where the body is cut into chunks: the chunks' lengths, over and over
     */
    record Part(
            Tongue tongue,
            Beginning beginning,
            int status,
            String code,
            @Nullable String hint,
            List<String> frames,
            List<Integer> cuts,
            Ending ending) {}

    /** @param stage to which it comes when it is called */
    Player(Part part, List<Player> stage) {
        this.part = part;
        this.stage = stage;
    }

    @Override
    public void play(ScriptedCall begun) {
        call = begun;
        stage.add(this);
        String name = "<" + stage.size() + ">";
        switch (part.beginning()) {
            case NO_CONNECTION -> steps.add(ScriptedCall::cut);
            case WEB_PAGE -> answer(200, "text/html", "<html>" + name + "</html>");
            case JSON -> answer(200, "application/json", Wire.ANSWER.replace("Hello", name));
            case STREAM ->
                answer(
                        200,
                        part.tongue().contentType,
                        String.join("", part.frames()).replace("Hello", name));
            case ERROR -> answer(part.status(), "application/json", Wire.error("error", part.code(), name));
        }
    }

    private void answer(int status, String type, String body) {
        steps.add(answering -> {
            if (part.hint() == null) {
                answering.head(status, "content-type", type);
            } else {
                answering.head(status, "content-type", type, "retry-after", part.hint());
            }
        });
        for (String chunk : chunks(body)) {
            steps.add(answering -> {
                said.appendString(chunk);
                answering.chunk(chunk);
            });
        }
        switch (part.ending()) {
            case PROPERLY -> steps.add(ScriptedCall::end);
            case BROKEN -> steps.add(ScriptedCall::cut);
            case NEVER -> {}
        }
    }

    private List<String> chunks(String body) {
        List<String> chunks = new ArrayList<>();
        int from = 0;
        for (int i = 0; from < body.length(); i++) {
            int to = Math.min(
                    body.length(), from + part.cuts().get(i % part.cuts().size()));
            chunks.add(body.substring(from, to));
            from = to;
        }
        return chunks;
    }

    /** Plays on; false when there is nothing more to play, or nobody who listens. */
    boolean step() {
        if (call == null || call.over() || steps.isEmpty()) {
            return false;
        }
        steps.remove().accept(call);
        return true;
    }

    /** What it has sent of a body so far. */
    String said() {
        return said.toString();
    }
}
