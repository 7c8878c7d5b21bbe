package io.penstock.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.record.Interception;
import io.penstock.record.Interception.Outcome;
import io.penstock.relay.Player.Beginning;
import io.penstock.relay.Player.Ending;
import io.penstock.relay.Player.Part;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.statistics.Statistics;
import net.jqwik.api.statistics.StatisticsCoverage;
import net.jqwik.api.statistics.StatisticsReport;

/** Whatever upstreams and the application do, and whenever they do it. */
class RelayPropertyTest {
    private static final Duration DEADLINE = Duration.ofMinutes(3);

    /**
     * Who takes part.
     *
     * @param streaming whether a stream is asked for, in the tongue of all
     */
    record Scene(Tongue tongue, boolean streaming, List<List<Part>> upstreams) {}

    /** What may happen next. */
    enum Move {
        STEP,
        ALL_STEPS,
        A_MOMENT_PASSES,
        A_WHILE_PASSES,
        CLIENT_FULL,
        CLIENT_DRAINS,
        CLIENT_LEAVES
    }

    @Property(tries = 1_500)
    @StatisticsReport(onFailureOnly = true)
    void endsOnceAndLeavesNothingBehind(
            @ForAll("scenes") Scene scene, @ForAll("moves") List<Move> moves, @ForAll long seed) {
        List<List<Part>> upstreams = scene.upstreams();
        Random random = new Random(seed);
        Rig rig = new Rig().deadline(DEADLINE).random(random::nextDouble);
        if (scene.streaming()) {
            scene.tongue().ask(rig);
        }
        List<Player> stage = new ArrayList<>();
        for (int i = 0; i < upstreams.size(); i++) {
            Player[] players = upstreams.get(i).stream()
                    .map(part -> new Player(part, stage))
                    .toArray(Player[]::new);
            rig.upstream("u" + i, settings(random), players);
        }
        rig.start();
        moves.forEach(move -> make(move, rig, stage));
        rig.client.drain();
        rig.timers.advance(DEADLINE);

        Interception record = rig.record();
        assertThat(record.outcome() == Outcome.ERROR).isEqualTo(record.error() != null);
        if (record.outcome() == Outcome.CANCELED) {
            assertThat(moves).contains(Move.CLIENT_LEAVES);
        }
        assertThat(record.attempts().size()).isEqualTo(rig.calls());
        assertThat(record.responseBytes()).isEqualTo(rig.client.body().length());
        assertThat(rig.client.hasHead()).isEqualTo(record.httpStatus() != null);
        assertOneSource(rig, record, stage);
        Statistics.label("outcome").collect(record.outcome()).coverage(RelayPropertyTest::eachOften);
        Statistics.label("attempts")
                .collect(Math.min(record.attempts().size(), 3))
                .coverage(checker -> {
                    checker.check(1).percentage(RelayPropertyTest::often);
                    checker.check(2).percentage(RelayPropertyTest::often);
                    checker.check(3).percentage(RelayPropertyTest::often);
                });
    }

    private static void eachOften(StatisticsCoverage outcomes) {
        for (Outcome outcome : Outcome.values()) {
            outcomes.check(outcome).percentage(RelayPropertyTest::often);
        }
    }

    private static boolean often(double percentage) {
        return percentage > 4;
    }

    /** The application got a beginning of one attempt's bytes, or an answer of Penstock's own; never two of them. */
    private static void assertOneSource(Rig rig, Interception record, List<Player> stage) {
        String text = rig.client.text();
        if (record.committed()) {
            // The attempt that was committed is the last one there ever was; behind its bytes Penstock speaks once at
            // most.
            assertThat(rig.client.count("reset")).isLessThanOrEqualTo(1);
            assertThat(text).endsWith(rig.client.lastWords());
            assertThat(stage.get(stage.size() - 1).said())
                    .startsWith(text.substring(
                            0, text.length() - rig.client.lastWords().length()));
        } else if (!text.contains("\"Penstock: ")) {
            // An error inside a 200 is told in the provider's words, if need be in another envelope.
            String words = message(text);
            assertThat(stage.stream()
                            .map(Player::said)
                            .filter(said -> said.startsWith(text) || (!words.isEmpty() && said.contains(words))))
                    .as("attempts that said %s", text)
                    .hasSizeGreaterThanOrEqualTo(text.isEmpty() ? 0 : 1);
        }
        if (record.outcome() == Outcome.SUCCESS && rig.client.ended()) {
            assertThat(text).isEqualTo(stage.get(stage.size() - 1).said());
        }
    }

    private static String message(String body) {
        Matcher matcher = Pattern.compile("\"message\":(\"[^\"]+\")").matcher(body);
        return matcher.find() ? matcher.group(1) : "";
    }

    private static FakeUpstream.Settings settings(Random random) {
        FakeUpstream.Settings settings = new FakeUpstream.Settings().retries(random.nextInt(4));
        if (random.nextInt(4) == 0) {
            settings.budget(0, 0);
        }
        return random.nextBoolean() ? settings.keys("sk-first-key-0001", "sk-second-key-002") : settings;
    }

    private static void make(Move move, Rig rig, List<Player> stage) {
        switch (move) {
            case STEP -> step(stage);
            case ALL_STEPS -> {
                boolean more = true;
                while (more) {
                    more = step(stage);
                }
            }
            case A_MOMENT_PASSES -> rig.timers.advance(Duration.ofMillis(150));
            case A_WHILE_PASSES -> rig.timers.advance(Duration.ofSeconds(16));
            case CLIENT_FULL -> rig.client.fill();
            case CLIENT_DRAINS -> rig.client.drain();
            case CLIENT_LEAVES -> rig.clientGone();
        }
    }

    private static boolean step(List<Player> stage) {
        return !stage.isEmpty() && stage.get(stage.size() - 1).step();
    }

    @Provide
    Arbitrary<Scene> scenes() {
        return Combinators.combine(
                        Arbitraries.of(Tongue.class), Arbitraries.integers().between(0, 4))
                .flatAs((tongue, die) -> upstreams(tongue).map(upstreams -> new Scene(tongue, die > 0, upstreams)));
    }

    private static Arbitrary<List<List<Part>>> upstreams(Tongue tongue) {
        return part(tongue)
                .list()
                .ofMinSize(1)
                .ofMaxSize(4)
                .list()
                .ofMinSize(1)
                .ofMaxSize(3)
                .withoutEdgeCases();
    }

    private static Arbitrary<Part> part(Tongue tongue) {
        List<String> choice = new ArrayList<>(tongue.frames());
        choice.addAll(List.of(Wire.PING, tongue.overloaded, "data: {", ",", "\n\n"));
        Arbitrary<List<String>> frames = Arbitraries.of(choice).list().ofMaxSize(6);
        Arbitrary<List<String>> begun = frames.map(more -> {
            List<String> all = new ArrayList<>(tongue.lifecycle);
            all.addAll(tongue.content);
            all.addAll(more);
            return all;
        });
        Arbitrary<List<String>> fine = Arbitraries.just(tongue.frames());
        return Combinators.combine(
                        Arbitraries.frequency(
                                Tuple.of(4, Beginning.STREAM),
                                Tuple.of(2, Beginning.JSON),
                                Tuple.of(6, Beginning.ERROR),
                                Tuple.of(1, Beginning.WEB_PAGE),
                                Tuple.of(2, Beginning.NO_CONNECTION)),
                        Arbitraries.of(400, 401, 404, 408, 413, 418, 429, 500, 503, 529),
                        Arbitraries.of("other", "context_length_exceeded", "rate_limit_exceeded", "insufficient_quota"),
                        Arbitraries.of("0", "1", "20", "86400").injectNull(0.5),
                        Arbitraries.oneOf(frames, begun, fine),
                        Arbitraries.integers()
                                .between(1, 200)
                                .list()
                                .ofMinSize(1)
                                .ofMaxSize(4),
                        Arbitraries.frequency(
                                Tuple.of(6, Ending.PROPERLY), Tuple.of(2, Ending.BROKEN), Tuple.of(1, Ending.NEVER)))
                .as((beginning, status, code, hint, said, cuts, ending) ->
                        new Part(tongue, beginning, status, code, hint, said, cuts, ending));
    }

    @Provide
    Arbitrary<List<Move>> moves() {
        return Arbitraries.frequency(
                        Tuple.of(40, Move.STEP),
                        Tuple.of(30, Move.ALL_STEPS),
                        Tuple.of(20, Move.A_MOMENT_PASSES),
                        Tuple.of(8, Move.A_WHILE_PASSES),
                        Tuple.of(4, Move.CLIENT_FULL),
                        Tuple.of(4, Move.CLIENT_DRAINS),
                        Tuple.of(1, Move.CLIENT_LEAVES))
                .list()
                .ofMaxSize(40)
                .withoutEdgeCases();
    }
}
