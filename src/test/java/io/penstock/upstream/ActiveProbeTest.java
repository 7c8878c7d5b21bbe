package io.penstock.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.breaker.Breaker;
import io.penstock.breaker.CircuitState;
import io.penstock.breaker.Permit;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ActiveProbeTest {
    private static final Duration INTERVAL = Duration.ofMinutes(1);

    /** Waits under way; a test lets them pass. */
    private final List<Runnable> waits = new ArrayList<>();

    private final Deque<UniEmitter<? super Void>> questions = new ArrayDeque<>();
    private final List<String> closings = new ArrayList<>();
    private int canceled;

    private final ActiveProbe probe = new ActiveProbe(
            "primary",
            INTERVAL,
            () -> Uni.createFrom()
                    .<Void>emitter(questions::add)
                    .onCancellation()
                    .invoke(() -> canceled++),
            (wait, task) -> {
                assertThat(wait).isEqualTo(INTERVAL);
                waits.add(task);
                return () -> waits.remove(task);
            });

    ActiveProbeTest() {
        probe.closes(new Circuit());
    }

    @Test
    void asksNothingWhileTheCircuitIsClosed() {
        probe.circuitIs(CircuitState.CLOSED);
        assertThat(waits).isEmpty();
    }

    @Test
    void asksAgainAndAgainWhileTheCircuitIsOpenOneAtATime() {
        probe.circuitIs(CircuitState.OPEN);
        for (int i = 0; i < 3; i++) {
            pass();
            assertThat(waits).as("none while one is under way").isEmpty();
            questions.remove().fail(new IllegalStateException("not well"));
        }
        assertThat(waits).hasSize(1);
        assertThat(closings).isEmpty();
    }

    @Test
    void closesTheCircuitWhenTheUpstreamIsWellAndStops() {
        probe.circuitIs(CircuitState.OPEN);
        pass();

        questions.remove().complete(null);

        assertThat(closings).containsExactly("probe");
        assertThat(waits).isEmpty();
    }

    @Test
    void stopsWaitingWhenRealRequestsProbe() {
        probe.circuitIs(CircuitState.OPEN);
        probe.circuitIs(CircuitState.HALF_OPEN);
        assertThat(waits).isEmpty();
        probe.circuitIs(CircuitState.OPEN);
        assertThat(waits).hasSize(1);
    }

    @Test
    void endsARequestThatIsNotNeededAnyMoreAndDoesNotHearItsAnswer() {
        probe.circuitIs(CircuitState.OPEN);
        pass();

        probe.circuitIs(CircuitState.HALF_OPEN);
        questions.remove().complete(null);

        assertThat(canceled).isEqualTo(1);
        assertThat(closings).isEmpty();
    }

    @Test
    void asksNoMoreAfterItsEnd() {
        probe.circuitIs(CircuitState.OPEN);
        probe.end();
        assertThat(waits).isEmpty();
        probe.circuitIs(CircuitState.OPEN);
        assertThat(waits).isEmpty();
    }

    private void pass() {
        assertThat(waits).hasSize(1);
        waits.remove(0).run();
        assertThat(questions).hasSize(1);
    }

    /** A circuit whose closing is told to the probe, as a real one's is. */
    private final class Circuit implements Breaker {
        @Override
        public void close(String why) {
            closings.add(why);
            probe.circuitIs(CircuitState.CLOSED);
        }

        @Override
        public Optional<Permit> tryAcquire() {
            return Optional.empty();
        }

        @Override
        public boolean mayAcquire() {
            return false;
        }

        @Override
        public CircuitState state() {
            return CircuitState.OPEN;
        }

        @Override
        public Duration openFor() {
            return Duration.ZERO;
        }

        @Override
        public String cause() {
            return "none";
        }
    }
}
