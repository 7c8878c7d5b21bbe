package io.penstock.simulator;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;

/** One thing a script does. */
sealed interface Step {

    /** Does it; the future completes when the next step may begin, and never where none may. */
    Future<Void> play(Wire wire);

    record Head(int status, Headers headers) implements Step {
        @Override
        public Future<Void> play(Wire wire) {
            return wire.head(status, headers);
        }
    }

    /** Writes the parts one by one, each flushed, with a pause between two of them. */
    record Parts(Iterable<Buffer> parts, Duration between) implements Step {
        @Override
        public Future<Void> play(Wire wire) {
            return wire.write(parts.iterator(), between);
        }
    }

    record Delay(Duration duration) implements Step {
        @Override
        public Future<Void> play(Wire wire) {
            return wire.pause(duration);
        }
    }

    record GoAway(long errorCode, boolean refusing) implements Step {
        @Override
        public Future<Void> play(Wire wire) {
            return wire.goAway(errorCode, refusing);
        }
    }

    record End() implements Step {
        @Override
        public Future<Void> play(Wire wire) {
            return wire.end();
        }
    }

    record Cut() implements Step {
        @Override
        public Future<Void> play(Wire wire) {
            return wire.cut();
        }
    }

    record Reset(long errorCode) implements Step {
        @Override
        public Future<Void> play(Wire wire) {
            return wire.reset(errorCode);
        }
    }

    record Hang() implements Step {
        @Override
        public Future<Void> play(Wire wire) {
            return wire.hang();
        }
    }
}
