package io.penstock.simulator;

import java.util.concurrent.atomic.AtomicLong;

/** Decides how an exchange is answered, once its request has arrived whole. Called on the simulator's event loop. */
@FunctionalInterface
public interface Provider {

    Script answer(Exchange exchange);

    /** Answers the first exchange as {@code first} does, the second as {@code second} does, and so on in turn. */
    static Provider alternately(Provider first, Provider second) {
        AtomicLong turns = new AtomicLong();
        return exchange -> (turns.getAndIncrement() % 2 == 0 ? first : second).answer(exchange);
    }
}
