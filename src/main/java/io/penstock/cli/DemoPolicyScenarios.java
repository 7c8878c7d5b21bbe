package io.penstock.cli;

import static io.penstock.cli.DemoDialect.OPENAI;
import static io.penstock.cli.DemoScenario.Promise.failed;
import static io.penstock.cli.DemoScenario.Promise.served;
import static io.penstock.cli.DemoScenario.names;

import io.penstock.classify.Category;
import io.penstock.classify.Phase;
import io.penstock.cli.DemoSeen.Answer;
import java.util.List;
import java.util.Set;

/**
 * What a policy adds: keys of Penstock's own, circuits, declared sizes, a second opinion. Several go on where the one
 * before them left a key or a circuit, so their order matters.
 */
final class DemoPolicyScenarios {
    private static final boolean WHOLE = false;
    private static final boolean STREAM = true;

    private DemoPolicyScenarios() {}

    static List<DemoScenario> all() {
        return List.of(
                DemoScenario.of(
                                "401, the first of two keys is dead",
                                OPENAI,
                                "healthy",
                                STREAM,
                                served(names(Category.AUTH_ERROR), "first", "rotate_key")
                                        .by(DemoPolicy.SPARE_KEY))
                        .on(DemoPolicy.SPARE_KEY),
                DemoScenario.of(
                                "429, out of money, both keys",
                                OPENAI,
                                "healthy",
                                STREAM,
                                served(names(Category.QUOTA_EXHAUSTED), "first", "rotate_key", "failover")
                                        .by(DemoPolicy.BACKUP))
                        .on(DemoPolicy.EMPTY_KEYS),
                DemoScenario.of("asked again while both rest", OPENAI, "healthy", WHOLE, skipped())
                        .on(DemoPolicy.EMPTY_KEYS),
                DemoScenario.of(
                                "401, all keys are dead",
                                OPENAI,
                                "healthy",
                                WHOLE,
                                masked(Phase.PRE_COMMIT, "first", "rotate_key"))
                        .on(DemoPolicy.DEAD_KEYS),
                DemoScenario.of("asked again while all rest", OPENAI, "healthy", STREAM, masked(Phase.GATEWAY))
                        .on(DemoPolicy.DEAD_KEYS),
                DemoScenario.of(
                                "500 twice: the circuit opens",
                                OPENAI,
                                "down-for-two",
                                WHOLE,
                                served(names(Category.SERVICE_ERROR), "first", "retry", "failover")
                                        .by(DemoPolicy.BACKUP))
                        .on(DemoPolicy.CIRCUIT),
                DemoScenario.of("not asked: its circuit is open", OPENAI, "down-for-two", WHOLE, skipped())
                        .on(DemoPolicy.CIRCUIT),
                DemoScenario.of(
                                "well again, found by a probe",
                                OPENAI,
                                "down-for-two",
                                WHOLE,
                                served(Set.of(), "first").by(DemoPolicy.CIRCUIT))
                        .on(DemoPolicy.CIRCUIT)
                        .after(DemoPolicy.CIRCUIT_OPEN_FOR.plusMillis(100)),
                DemoScenario.of(
                                "400, context too long",
                                OPENAI,
                                "small-context",
                                STREAM,
                                served(names(Category.CONTEXT_LIMIT), "first", "failover")
                                        .by(DemoPolicy.BACKUP))
                        .on(DemoPolicy.SIZES),
                DemoScenario.of(
                        "400, content filter",
                        OPENAI,
                        "filtered",
                        WHOLE,
                        failed(400, Answer.ERROR, names(Category.CONTENT_FILTER), Phase.PRE_COMMIT, "first")),
                DemoScenario.of(
                                "400, content filter, failoverOn",
                                OPENAI,
                                "filtered",
                                WHOLE,
                                served(names(Category.CONTENT_FILTER), "first", "failover")
                                        .by(DemoPolicy.BACKUP))
                        .on(DemoPolicy.OPINIONS));
    }

    /** The first upstream is passed over without a call. */
    private static DemoScenario.Promise skipped() {
        return served(Set.of(), "failover").by(DemoPolicy.BACKUP);
    }

    private static DemoScenario.Promise masked(Phase phase, String... reasons) {
        return failed(502, Answer.ERROR, names(Category.AUTH_ERROR), phase, reasons)
                .keepingToItself("Incorrect API key provided");
    }
}
