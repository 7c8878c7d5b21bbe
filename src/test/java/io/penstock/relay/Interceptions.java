package io.penstock.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.record.AttemptRecord;
import io.penstock.record.Interception;
import io.penstock.record.Interception.Outcome;
import io.penstock.record.Interception.TerminalError;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;

/** Collects what is recorded. */
final class Interceptions implements Consumer<Interception> {
    private final List<Interception> all = new ArrayList<>();

    @Override
    public void accept(Interception interception) {
        all.add(interception);
    }

    boolean isEmpty() {
        return all.isEmpty();
    }

    /** The record, of which there has to be exactly one. */
    Interception only() {
        assertThat(all).as("records").hasSize(1);
        return all.get(0);
    }

    /** The error of the only record, which there has to be. */
    TerminalError failure() {
        assertThat(only().outcome()).isEqualTo(Outcome.ERROR);
        return Objects.requireNonNull(only().error());
    }

    /** The attempts of the only record as {@code upstream reason category}. */
    List<String> attempts() {
        return only().attempts().stream().map(Interceptions::brief).toList();
    }

    /** The upstreams of the only record that were not asked, as {@code upstream why cause}. */
    List<String> skipped() {
        return only().skipped().stream()
                .map(one -> one.upstream() + " " + one.why().label() + " " + one.cause())
                .toList();
    }

    private static String brief(AttemptRecord attempt) {
        return attempt.upstream() + " " + attempt.reason() + " "
                + (attempt.category() == null ? "ok" : attempt.category());
    }
}
