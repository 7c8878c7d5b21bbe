package io.penstock.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.DecoderException;
import io.penstock.classify.Category;
import io.penstock.classify.Phase;
import io.penstock.classify.RuleSet;
import io.penstock.policy.DefaultRules;
import io.penstock.record.Interception;
import io.penstock.record.Interception.Outcome;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.StreamResetException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Stream;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The scenario table by what happens: each row in every API, for a stream and for a whole answer. Of categories and what
 * follows from each of them there is a table of its own, {@link RelayCategoryTest}.
 */
class RelayScenarioTest {
    private static final RuleSet RULES = DefaultRules.ruleSet();
    private static final FakeUpstream.Settings TWO_KEYS =
            new FakeUpstream.Settings().keys("sk-first-key-0001", "sk-second-key-002");

    private final Rig rig = new Rig().rules(RULES);

    /** What the first upstream does before anything is committed, and how the application gets a clean answer after all. */
    enum Undone {
        OVERLOADED_INSIDE_A_200(
                asked -> asked.fails(told(Category.OVERLOADED, asked)), "a first overloaded", "a retry overloaded"),
        EMPTY_ACCOUNT(
                asked -> asked.refuses(told(Category.QUOTA_EXHAUSTED, asked)),
                "a first quota_exhausted",
                "a rotate_key quota_exhausted"),
        EMPTY_ACCOUNT_INSIDE_A_200(
                asked -> asked.fails(told(Category.QUOTA_EXHAUSTED, asked)),
                "a first quota_exhausted",
                "a rotate_key quota_exhausted"),
        HANGS_WITHOUT_A_HEAD(asked -> Script.HANG, "a first first_content_timeout"),
        HANGS_AFTER_THE_HEAD(asked -> asked.says(), "a first first_content_timeout"),
        HANGS_BEFORE_CONTENT(
                asked -> asked.streaming() ? asked.says(asked.tongue().begun()) : asked.says("\n"),
                "a first first_content_timeout"),
        BREAKS_BEFORE_CONTENT(asked -> asked.says(asked.ping()).then(ScriptedCall::cut), "a first protocol_error"),
        ENDS_BEFORE_CONTENT(asked -> asked.says(asked.ping()).then(ScriptedCall::end), "a first protocol_error"),
        EMPTY_200(asked -> asked.says().then(ScriptedCall::end), "a first protocol_error"),
        EMPTY_200_THAT_SAYS_SO(
                asked -> call -> call.head(200, "content-length", "0").end(), "a first protocol_error"),
        PAGE_IN_A_200(
                asked -> call -> call.head(200, "content-type", "text/html")
                        .chunk("<html>")
                        .end(),
                "a first protocol_error"),
        PAGE_IN_A_200_UNDER_ANOTHER_NAME(
                asked -> asked.says("<!DOCTYPE html><html><body>Sign in</body></html>")
                        .then(ScriptedCall::end),
                "a first protocol_error"),
        IS_NO_HTTP(asked -> Script.failure(new DecoderException("bad line")), "a first protocol_error"),
        REFUSED_STREAM(
                asked -> Script.failure(new StreamResetException(7)), "a first network_error", "a retry network_error"),
        GOAWAY(
                asked -> Script.failure(new HttpClosedException("GOAWAY")),
                "a first network_error",
                "a retry network_error"),
        REFUSED_CONNECTION(
                asked -> Script.failure(new ConnectException("refused")),
                "a first network_error",
                "a retry network_error"),
        NO_SUCH_HOST(
                asked -> Script.failure(new UnknownHostException("a")),
                "a first network_error",
                "a retry network_error"),
        NO_TRUST(
                asked -> Script.failure(new SSLHandshakeException("unknown authority")),
                "a first network_error",
                "a retry network_error");

        private final Function<Asked, Script> does;
        private final List<String> attempts;

        Undone(Function<Asked, Script> does, String... attempts) {
            this.does = does;
            this.attempts = List.of(attempts);
        }
    }

    /** What all upstreams do, and which of it the application is told. */
    enum NobodyAnswers {
        SMALLEST_WAIT(
                Category.RATE_LIMIT,
                1,
                asked -> asked.refuses(told(Category.RATE_LIMIT, asked), "retry-after", "20"),
                asked -> asked.refuses(told(Category.RATE_LIMIT, asked), "retry-after", "5")),
        CALLERS_ERROR_BEFORE_A_LATER_503(
                Category.MODEL_NOT_FOUND,
                0,
                asked -> asked.refuses(told(Category.MODEL_NOT_FOUND, asked)),
                asked -> asked.refuses(told(Category.OVERLOADED, asked))),
        CALLERS_ERROR_AFTER_AN_OVERLOAD_INSIDE_A_200(
                Category.CONTEXT_LIMIT,
                1,
                asked -> asked.fails(told(Category.OVERLOADED, asked)),
                asked -> asked.refuses(told(Category.CONTEXT_LIMIT, asked))),
        PROVIDERS_WORD_BEFORE_A_BROKEN_CONNECTION(
                Category.SERVICE_ERROR,
                0,
                asked -> asked.refuses(told(Category.SERVICE_ERROR, asked)),
                asked -> ScriptedCall::cut),
        PROVIDERS_WORD_BEFORE_A_PAGE(
                Category.OVERLOADED,
                1,
                asked -> call -> call.head(200, "content-type", "text/html")
                        .chunk("<html>")
                        .end(),
                asked -> asked.refuses(told(Category.OVERLOADED, asked))),
        LIMIT_BEFORE_AN_EMPTY_ACCOUNT(
                Category.RATE_LIMIT,
                0,
                asked -> asked.refuses(told(Category.RATE_LIMIT, asked), "retry-after", "5"),
                asked -> asked.refuses(told(Category.QUOTA_EXHAUSTED, asked)));

        private final Category told;
        private final int by;
        private final List<Function<Asked, Script>> upstreams;

        NobodyAnswers(Category told, int by, Function<Asked, Script> first, Function<Asked, Script> second) {
            this.told = told;
            this.by = by;
            this.upstreams = List.of(first, second);
        }
    }

    /** A scenario in one of the ways in which an application may ask. */
    record Case<S extends Enum<S>>(S scenario, Asked asked) {
        @Override
        public String toString() {
            return scenario.name().toLowerCase(Locale.ROOT).replace('_', ' ') + " (" + asked + ")";
        }
    }

    static Stream<Case<Undone>> undone() {
        return cases(Undone.values());
    }

    static Stream<Case<NobodyAnswers>> nobodyAnswers() {
        return cases(NobodyAnswers.values());
    }

    static Stream<Asked> asked() {
        return Asked.inEveryWay();
    }

    static Stream<Asked> askedForAStream() {
        return Asked.forAStream();
    }

    private static <S extends Enum<S>> Stream<Case<S>> cases(S[] scenarios) {
        return Stream.of(scenarios).flatMap(scenario -> Asked.inEveryWay().map(asked -> new Case<>(scenario, asked)));
    }

    private static ProviderSays told(Category category, Asked asked) {
        return ProviderSays.of(category, asked.tongue().dialect);
    }

    private void passTime() {
        for (int i = 0; i < 650 && rig.interceptions.isEmpty(); i++) {
            rig.timers.advance(Duration.ofMillis(100));
        }
    }

    private void assertOneCleanAnswer(Asked asked, List<String> failed) {
        List<String> attempts = new ArrayList<>(failed);
        attempts.add("b failover ok");
        Interception record = rig.record();
        assertThat(rig.interceptions.attempts()).isEqualTo(attempts);
        assertThat(record.outcome()).isEqualTo(Outcome.SUCCESS);
        assertThat(record.error()).isNull();
        assertThat(record.upstream()).isEqualTo("b");
        assertThat(rig.client.status()).isEqualTo(200);
        assertThat(rig.client.text()).isEqualTo(asked.answer());
        assertThat(rig.client.header("x-penstock-attempts")).isEqualTo("" + attempts.size());
        assertThat(rig.client.header("x-penstock-category")).isNull();
        assertThat(rig.client.ended()).isTrue();
    }

    @ParameterizedTest
    @MethodSource("undone")
    void showsTheApplicationOneCleanAnswer(Case<Undone> row) {
        Script does = row.scenario().does.apply(row.asked());
        row.asked().of(rig).upstream("a", TWO_KEYS, does, does);
        rig.upstream("b", row.asked().answers());
        rig.start();
        passTime();
        assertOneCleanAnswer(row.asked(), row.scenario().attempts);
    }

    @ParameterizedTest
    @MethodSource("asked")
    void takesPingsForNoAnswer(Asked asked) {
        FakeUpstream a = asked.of(rig).upstream("a", asked.says());
        rig.upstream("b", asked.answers());
        rig.start();
        for (int i = 0; i < 6; i++) {
            rig.timers.advance(Duration.ofSeconds(9));
            a.call(0).chunk(asked.ping());
        }
        assertThat(rig.client.hasHead()).isFalse();
        rig.timers.advance(Duration.ofSeconds(6));
        assertOneCleanAnswer(asked, List.of("a first first_content_timeout"));
        assertThat(rig.interceptions.only().duration()).isEqualTo(Duration.ofSeconds(60));
        assertThat(a.call(0).wasReset()).isTrue();
    }

    @ParameterizedTest
    @MethodSource("nobodyAnswers")
    void tellsTheBestEvidenceWhenAllFail(Case<NobodyAnswers> row) {
        Asked asked = row.asked();
        asked.of(rig);
        int number = 0;
        for (Function<Asked, Script> does : row.scenario().upstreams) {
            rig.upstream("upstream-" + number++, new FakeUpstream.Settings().retries(0), does.apply(asked));
        }
        rig.start();
        ProviderSays told = told(row.scenario().told, asked);
        assertThat(rig.failure().category()).isEqualTo(told.category());
        assertThat(rig.interceptions.only().attempts()).hasSize(2);
        assertThat(rig.interceptions.only().upstream()).isEqualTo("upstream-" + row.scenario().by);
        assertThat(rig.client.status()).isEqualTo(told.status());
        assertThat(rig.client.text()).isEqualTo(told.document(asked.tongue().dialect));
        boolean waits = told.category().equals(Category.RATE_LIMIT);
        assertThat(rig.client.header("retry-after")).isEqualTo(waits ? "5" : null);
        assertThat(rig.client.header("x-penstock-category"))
                .isEqualTo(told.category().name());
    }

    @ParameterizedTest
    @MethodSource("askedForAStream")
    void passesAnOverloadAfterContentOnAndRecordsItAsMidStream(Asked asked) {
        String overload = asked.inTheStream(told(Category.OVERLOADED, asked), true);
        FakeUpstream a =
                asked.of(rig).upstream("a", asked.says(asked.begun(), overload).then(ScriptedCall::end));
        FakeUpstream b = rig.upstream("b");
        rig.start();
        Interception record = rig.record();
        assertThat(rig.failure().category()).isEqualTo(Category.OVERLOADED);
        assertThat(rig.failure().phase()).isEqualTo(Phase.MID_STREAM);
        assertThat(record.committed()).isTrue();
        assertThat(record.httpStatus()).isEqualTo(200);
        assertThat(rig.client.text()).isEqualTo(asked.begun() + overload);
        assertThat(rig.client.lastWords()).as("the provider has said it").isEmpty();
        assertThat(a.breaker("other").verdicts()).containsExactly("failed: overloaded");
        assertThat(b.calls()).isZero();
    }

    @ParameterizedTest
    @MethodSource("asked")
    void asksTheNextKeyOfAnEmptyAccountBeforeTheNextUpstream(Asked asked) {
        FakeUpstream a = asked.of(rig)
                .upstream("a", TWO_KEYS, asked.fails(told(Category.QUOTA_EXHAUSTED, asked)), asked.answers());
        FakeUpstream b = rig.upstream("b");
        rig.start();
        assertThat(rig.record().outcome()).isEqualTo(Outcome.SUCCESS);
        assertThat(rig.interceptions.attempts()).containsExactly("a first quota_exhausted", "a rotate_key ok");
        assertThat(a.call(0).request().key()).isNotEqualTo(a.call(1).request().key());
        assertThat(rig.client.text()).isEqualTo(asked.answer());
        assertThat(b.calls()).isZero();
    }

    @ParameterizedTest
    @MethodSource("asked")
    void sendsTheSameBytesAgainAfterARefusedStream(Asked asked) {
        FakeUpstream a = asked.of(rig).upstream("a", Script.failure(new StreamResetException(7)), asked.answers());
        rig.upstream("b");
        rig.start();
        assertThat(rig.record().duration()).isZero();
        assertThat(rig.interceptions.attempts()).containsExactly("a first network_error", "a retry ok");
        assertThat(a.call(1).request().body()).isEqualTo(a.call(0).request().body());
        assertThat(a.call(1).request().body().toString())
                .isEqualTo(asked.tongue().body(asked.streaming()));
        assertThat(rig.client.text()).isEqualTo(asked.answer());
    }
}
