package io.penstock.record;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecorderTest {

    @Test
    void listenerThatThrowsHarmsNeitherTheOthersNorTheStore() {
        MemoryStore store = new MemoryStore(() -> 10, Runnable::run);
        List<Interception> heard = new ArrayList<>();
        Recorder recorder = new Recorder(
                List.of(
                        interception -> {
                            throw new IllegalStateException("listener");
                        },
                        heard::add),
                new RecordWriter(store, new DroppedRecords()));
        Interception interception = Sample.interception(1).build();

        recorder.record(interception);

        assertThat(heard).containsExactly(interception);
        assertThat(store.byId(interception.id()).await().indefinitely()).contains(interception);
    }
}
