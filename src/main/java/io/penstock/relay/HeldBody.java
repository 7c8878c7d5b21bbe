package io.penstock.relay;

import io.penstock.relay.HeldAnswer.Extent;
import io.penstock.upstream.UpstreamAnswer;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * Reads the body of an error answer so that it can be judged: up to a bound, and for a bounded time, since a provider may
 * announce an error and then trickle it.
 */
final class HeldBody {
    private static final int MAX_BYTES = 256 * 1024;
    private static final Duration MAX_WAIT = Duration.ofSeconds(5);

    private final UpstreamAnswer answer;
    private final Consumer<HeldAnswer> done;
    private final Buffer body = Buffer.buffer();
    private final Timers.Timer timer;
    private boolean finished;

    private HeldBody(UpstreamAnswer answer, Timers timers, Consumer<HeldAnswer> done) {
        this.answer = answer;
        this.done = done;
        this.timer = timers.after(MAX_WAIT, () -> finish(Extent.BEGINNING));
    }

    /**
     * Reads; {@code done} is called once. What was read by then is held; the rest stays paused.
     *
     * @return cancels the bound on the time, for a reader that gives up first
     */
    static Timers.Timer read(UpstreamAnswer answer, Timers timers, Consumer<HeldAnswer> done) {
        HeldBody held = new HeldBody(answer, timers, done);
        answer.read(held::chunk, end -> held.finish(Extent.WHOLE), failure -> held.finish(Extent.BROKEN_OFF));
        return held.timer;
    }

    private void chunk(Buffer chunk) {
        body.appendBuffer(chunk);
        if (body.length() > MAX_BYTES) {
            answer.pause();
            finish(Extent.BEGINNING);
        }
    }

    private void finish(Extent extent) {
        if (finished) {
            return;
        }
        finished = true;
        timer.cancel();
        done.accept(new HeldAnswer(answer, body, extent));
    }
}
