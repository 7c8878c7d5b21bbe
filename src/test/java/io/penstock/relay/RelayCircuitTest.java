package io.penstock.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.classify.Category;
import io.penstock.dialect.Dialect;
import io.penstock.policy.RoutePolicy.WhenAllOpen;
import io.penstock.record.Interception.Outcome;
import io.vertx.core.http.HttpMethod;
import java.net.ConnectException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What circuits are told of attempts, and what they keep back. */
class RelayCircuitTest {
    private final Rig rig = new Rig();
    private final Script fine = Script.json(200, Wire.ANSWER);

    @Test
    void holdsLackOfCapacityAgainstTheModelAndNotAgainstTheUpstream() {
        FakeUpstream a = rig.upstream(
                "a", new FakeUpstream.Settings().models("gpt-5").retries(0), Script.json(529, Wire.OVERLOADED));
        rig.start();
        assertThat(a.breaker.verdicts()).containsExactly("succeeded");
        assertThat(a.breaker("gpt-5").verdicts()).containsExactly("failed: overloaded");
        assertThat(a.breaker("other").permits()).isEmpty();
    }

    @Test
    void holdsAFaultAgainstTheUpstreamAndSaysNothingOfTheModel() {
        FakeUpstream a = rig.upstream(
                "a", new FakeUpstream.Settings().models("gpt-5").retries(0), Script.json(500, Wire.BROKEN));
        rig.start();
        assertThat(a.breaker.verdicts()).containsExactly("failed: service_error");
        assertThat(a.breaker("gpt-5").verdicts()).containsExactly("abandoned");
    }

    @Test
    void asksForTheModelByTheUpstreamsNameForIt() {
        FakeUpstream a = rig.upstream("a", new FakeUpstream.Settings().models("gpt-5-prod"), fine)
                .calls("gpt-5", "gpt-5-prod");
        rig.start();
        assertThat(a.breaker("gpt-5-prod").verdicts()).containsExactly("succeeded");
    }

    @Test
    void tellsThatAnAnswerHasBegunBeforeItEnds() {
        FakeUpstream a = rig.upstream("a", Script.openStream());
        rig.start();
        a.call(0).chunk(Wire.ROLE).chunk(Wire.HELLO);
        assertThat(a.breaker.permits().get(0).sawAnswer()).isTrue();
        assertThat(a.breaker.permits().get(0).closings()).isEmpty();
        a.call(0).cut();
        assertThat(a.breaker.verdicts()).containsExactly("failed: stream_truncated");
    }

    @Test
    void goesOnToTheNextUpstreamWhenOnlyTheModelIsKeptBack() {
        FakeUpstream a = rig.upstream("a", new FakeUpstream.Settings().models("gpt-5"), fine);
        rig.upstream("b", fine);
        a.breaker("gpt-5").open(Duration.ofSeconds(9));
        rig.start();
        rig.record();
        assertThat(rig.interceptions.attempts()).containsExactly("b failover ok");
        Rig other = rig.another()
                .asks(Dialect.OPENAI, HttpMethod.POST, "/v1/chat/completions", Wire.REQUEST.replace("gpt-5", "gpt-4"))
                .start();
        assertThat(other.interceptions.attempts()).containsExactly("a first ok");
    }

    @Test
    void recordsWhichUpstreamACircuitKeptBackAndWhy() {
        FakeUpstream a = rig.upstream("a");
        rig.upstream("b", fine);
        a.breaker.open(Duration.ofSeconds(9), "service_error");
        rig.start();
        rig.record();
        assertThat(rig.interceptions.skipped()).containsExactly("a circuit_open service_error");
    }

    @Test
    void namesTheModelAndTheCauseWhenItRefuses() {
        FakeUpstream a = rig.upstream("a", new FakeUpstream.Settings().models("gpt-5"));
        a.breaker("gpt-5").open(Duration.ofMillis(8_400), "overloaded");
        rig.start();
        assertThat(rig.failure().message()).isEqualTo("the circuit of a for model gpt-5 is open (overloaded)");
        assertThat(rig.client.status()).isEqualTo(503);
        assertThat(rig.client.header("retry-after")).isEqualTo("9");
    }

    @Test
    void triesTheFirstUpstreamAllTheSameWhereTheRouteWouldRatherAsk() {
        FakeUpstream a = rig.upstream("a", fine);
        FakeUpstream b = rig.upstream("b");
        a.breaker.open(Duration.ofSeconds(4));
        b.breaker.open(Duration.ofSeconds(9));
        rig.whenAllOpen(WhenAllOpen.TRY).start();
        assertThat(rig.interceptions.only().outcome()).isEqualTo(Outcome.SUCCESS);
        assertThat(rig.interceptions.attempts()).containsExactly("a failover ok");
        assertThat(a.breaker.permits()).as("no circuit is told").isEmpty();
        assertThat(b.calls()).isZero();
    }

    @Test
    void triesOnceAndDoesNotRetryWhereAllCircuitsAreOpen() {
        FakeUpstream a = rig.upstream("a", Script.failure(new ConnectException("refused")), fine);
        a.breaker.open(Duration.ofSeconds(4));
        rig.whenAllOpen(WhenAllOpen.TRY).start();
        assertThat(a.calls()).isEqualTo(1);
        assertThat(rig.interceptions.failure().category()).isEqualTo(Category.NETWORK_ERROR);
    }

    @Test
    void refusesWhatFailedBeforeTheCircuitsWereMetEvenWhereTheRouteWouldRatherAsk() {
        rig.upstream("a", new FakeUpstream.Settings().retries(0), Script.json(500, Wire.BROKEN));
        FakeUpstream b = rig.upstream("b", fine);
        b.breaker.open(Duration.ofSeconds(9));
        rig.whenAllOpen(WhenAllOpen.TRY).start();
        assertThat(rig.failure().category()).isEqualTo(Category.SERVICE_ERROR);
        assertThat(b.calls()).isZero();
    }

    @Test
    void asksOthersFirstForAModelThatAnUpstreamLacks() {
        FakeUpstream a = rig.upstream("a", Script.json(404, Wire.NO_SUCH_MODEL), fine);
        FakeUpstream b = rig.upstream("b", fine, fine);
        rig.start();
        Rig next = rig.another().start();
        assertThat(rig.interceptions.attempts()).containsExactly("a first model_not_found", "b failover ok");
        assertThat(next.interceptions.attempts()).containsExactly("b first ok");
        assertThat(a.breaker("other").verdicts()).as("no circuit opens by it").containsExactly("succeeded");
        rig.timers.advance(Duration.ofSeconds(15));
        assertThat(rig.another().start().interceptions.attempts()).containsExactly("a first ok");
        assertThat(b.calls()).isEqualTo(2);
    }

    @Test
    void stillAsksAnUpstreamThatLacksTheModelWhereThereIsNoOther() {
        FakeUpstream a = rig.upstream("a", Script.json(404, Wire.NO_SUCH_MODEL), Script.json(404, Wire.NO_SUCH_MODEL));
        rig.start();
        Rig next = rig.another().start();
        assertThat(next.failure().category()).isEqualTo(Category.MODEL_NOT_FOUND);
        assertThat(next.client.text()).isEqualTo(Wire.NO_SUCH_MODEL);
        assertThat(a.calls()).isEqualTo(2);
    }

    @Test
    void earnsNoRetriesByRequestsThatACircuitKeptBack() {
        FakeUpstream a =
                rig.upstream("a", new FakeUpstream.Settings().budget(0.5, 0), Script.json(500, Wire.BROKEN), fine);
        a.breaker.open(Duration.ofSeconds(9));
        for (int i = 0; i < 10; i++) {
            rig.another().start();
        }
        a.breaker.close("reset");
        rig.start();
        assertThat(rig.interceptions.only().attempts()).hasSize(1);
        assertThat(a.calls()).isEqualTo(1);
    }
}
