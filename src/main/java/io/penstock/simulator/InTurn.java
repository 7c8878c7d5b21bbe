package io.penstock.simulator;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.Iterator;
import java.util.function.Function;

/**
 * Does things one after the other, each when the one before has completed. Things that complete at once are looped over,
 * so that a script of any length needs no deep stack.
 */
final class InTurn<T> {
    private final Iterator<T> things;
    private final Function<T, Future<Void>> action;
    private final Promise<Void> done = Promise.promise();

    private InTurn(Iterator<T> things, Function<T, Future<Void>> action) {
        this.things = things;
        this.action = action;
    }

    static <T> Future<Void> each(Iterator<T> things, Function<T, Future<Void>> action) {
        InTurn<T> turns = new InTurn<>(things, action);
        turns.go();
        return turns.done.future();
    }

    private void go() {
        while (things.hasNext()) {
            Future<Void> doing = action.apply(things.next());
            if (!doing.isComplete()) {
                doing.onSuccess(x -> go()).onFailure(done::fail);
                return;
            }
            if (doing.failed()) {
                done.fail(doing.cause());
                return;
            }
        }
        done.complete();
    }
}
