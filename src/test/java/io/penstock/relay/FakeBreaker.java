package io.penstock.relay;

import io.penstock.breaker.Breaker;
import io.penstock.breaker.CircuitState;
import io.penstock.breaker.Permit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A circuit that opens only when a test says so, and that remembers how each permit was closed. */
final class FakeBreaker implements Breaker {
    private final List<FakePermit> permits = new ArrayList<>();
    private Duration openFor = Duration.ZERO;
    private String cause = "none";

    /** What became of one permit; every closing is kept, though only the first counts. */
    static final class FakePermit implements Permit {
        private final List<String> closings = new ArrayList<>();
        private boolean answered;

        @Override
        public void answered() {
            answered = true;
        }

        boolean sawAnswer() {
            return answered;
        }

        @Override
        public void succeeded() {
            closings.add("succeeded");
        }

        @Override
        public void failed(String cause) {
            closings.add("failed: " + cause);
        }

        @Override
        public void abandoned() {
            closings.add("abandoned");
        }

        List<String> closings() {
            return closings;
        }
    }

    void open(Duration time) {
        open(time, "service_error");
    }

    void open(Duration time, String why) {
        openFor = time;
        cause = why;
    }

    @Override
    public Optional<Permit> tryAcquire() {
        if (!openFor.isZero()) {
            return Optional.empty();
        }
        FakePermit permit = new FakePermit();
        permits.add(permit);
        return Optional.of(permit);
    }

    @Override
    public boolean mayAcquire() {
        return openFor.isZero();
    }

    @Override
    public void close(String why) {
        openFor = Duration.ZERO;
        cause = why;
    }

    @Override
    public CircuitState state() {
        return openFor.isZero() ? CircuitState.CLOSED : CircuitState.OPEN;
    }

    @Override
    public Duration openFor() {
        return openFor;
    }

    @Override
    public String cause() {
        return cause;
    }

    List<FakePermit> permits() {
        return permits;
    }

    /** How the permits were closed, in the order in which they were given. */
    List<String> verdicts() {
        return permits.stream()
                .map(permit -> String.join(" and ", permit.closings()))
                .toList();
    }
}
