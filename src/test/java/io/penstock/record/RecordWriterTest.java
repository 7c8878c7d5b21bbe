package io.penstock.record;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RecordWriterTest {
    private final DroppedRecords dropped = new DroppedRecords();
    private final ManualStore store = new ManualStore();
    private final List<Duration> waits = new ArrayList<>();
    private final List<Runnable> later = new ArrayList<>();
    private final RecordWriter writer = new RecordWriter(store, dropped, (delay, task) -> {
        waits.add(delay);
        later.add(task);
    });

    @Test
    void whatArrivesDuringAWriteMakesTheNextBatch() {
        write(1, 2, 3);
        assertThat(store.batches).containsExactly(List.of(1));

        store.take();

        assertThat(store.batches).containsExactly(List.of(1), List.of(2, 3));
    }

    @Test
    void batchesAreBounded() {
        write(1);
        write(IntStream.rangeClosed(2, RecordWriter.BATCH_SIZE + 3).toArray());

        store.take();
        store.take();
        store.take();

        assertThat(store.batches).extracting(List::size).containsExactly(1, RecordWriter.BATCH_SIZE, 2);
    }

    @Test
    void fullQueueDropsAndCounts() {
        write(IntStream.rangeClosed(0, RecordWriter.QUEUE_CAPACITY + 5).toArray());

        // The first is with the store already, the queue is full, and five are left.
        assertThat(dropped.count()).isEqualTo(5);
    }

    @Test
    void refusedBatchIsOfferedAgainEverMoreSeldom() {
        write(1, 2);

        for (int refusals = 0; refusals < 9; refusals++) {
            store.refuse();
            later.remove(0).run();
        }
        store.take();
        store.take();

        assertThat(waits).extracting(Duration::toSeconds).containsExactly(1L, 2L, 4L, 8L, 16L, 32L, 60L, 60L, 60L);
        assertThat(store.batches).hasSize(11).startsWith(List.of(1), List.of(1)).endsWith(List.of(1), List.of(2));
        assertThat(dropped.count()).isZero();
    }

    @Test
    void waitsBeginAnewAfterASuccess() {
        write(1);
        store.refuse();
        later.remove(0).run();
        store.take();

        write(2);
        store.refuse();

        assertThat(waits).containsExactly(RecordWriter.FIRST_WAIT, RecordWriter.FIRST_WAIT);
    }

    @Test
    void storeThatThrowsIsTriedAgain() {
        store.broken = true;
        write(1);
        store.broken = false;

        later.remove(0).run();
        store.take();

        assertThat(store.batches).containsExactly(List.of(1));
    }

    @Test
    void nothingIsLostOrRepeatedUnderContention() throws InterruptedException {
        MemoryStore memory = new MemoryStore(() -> 100_000, Runnable::run);
        RecordWriter contended = new RecordWriter(memory, dropped, (delay, task) -> task.run());
        ExecutorService threads = Executors.newFixedThreadPool(4);
        CountDownLatch done = new CountDownLatch(4);
        for (int t = 0; t < 4; t++) {
            int first = t * 2_000;
            threads.execute(() -> {
                IntStream.range(first, first + 2_000)
                        .forEach(n -> contended.write(Sample.interception(n).build()));
                done.countDown();
            });
        }

        assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
        threads.shutdown();

        assertThat(memory.thread("thread-1").await().indefinitely()).hasSize(8_000 - (int) dropped.count());
        assertThat(dropped.count()).isZero();
    }

    private void write(int... numbers) {
        IntStream.of(numbers).forEach(n -> writer.write(Sample.interception(n).build()));
    }

    /** Remembers the batches it is offered, and takes or refuses them when the test says so. */
    private static final class ManualStore implements InterceptionStore {
        private final List<List<Integer>> batches = new ArrayList<>();
        private final List<UniEmitter<? super Void>> open = new ArrayList<>();
        private boolean broken;

        @Override
        public Uni<Void> append(List<Interception> batch) {
            if (broken) {
                throw new IllegalStateException("broken");
            }
            batches.add(batch.stream()
                    .map(i -> (int) i.id().getLeastSignificantBits())
                    .toList());
            return Uni.createFrom().emitter(open::add);
        }

        void take() {
            open.remove(0).complete(null);
        }

        void refuse() {
            open.remove(0).fail(new IllegalStateException("the database is away"));
        }

        @Override
        public Uni<Page> find(InterceptionQuery query) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Uni<Optional<Interception>> byId(UUID id) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Uni<List<Interception>> thread(String threadId) {
            throw new UnsupportedOperationException();
        }
    }
}
