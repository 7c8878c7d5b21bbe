package io.penstock.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BodyMemoryTest {
    private final BodyMemory memory = new BodyMemory(100);

    @Test
    void isSharedByAllBodies() {
        BodyMemory.Share one = memory.share();
        BodyMemory.Share other = memory.share();

        assertThat(one.grow(60)).isTrue();
        assertThat(other.grow(41)).isFalse();
        assertThat(other.grow(40)).isTrue();
        assertThat(one.grow(1)).isFalse();
    }

    @Test
    void isThereAgainWhenABodyIsLetGoOf() {
        BodyMemory.Share one = memory.share();
        assertThat(one.grow(60)).isTrue();
        assertThat(one.grow(60)).as("refused, and not counted").isFalse();

        one.release();
        one.release();

        assertThat(memory.share().grow(100)).isTrue();
        assertThat(memory.share().grow(1)).as("given back once only").isFalse();
    }

    @Test
    void refusesForGoodOnlyWhatWouldNeverFit() {
        assertThat(RouteChecks.noRoom(memory, 101).status()).isEqualTo(413);
        assertThat(RouteChecks.noRoom(memory, 100)).satisfies(refusal -> {
            assertThat(refusal.status()).isEqualTo(503);
            assertThat(refusal.retryAfter()).isNotNull();
        });
    }
}
