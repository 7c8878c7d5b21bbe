package io.penstock.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.dialect.Dialect;
import io.penstock.record.Interception;
import io.penstock.record.Interception.Outcome;
import io.vertx.core.http.HttpMethod;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** An upstream that answers. */
class RelaySuccessTest {
    private final Rig rig = new Rig();

    @Test
    void passesAWholeAnswerOnByteForByte() {
        FakeUpstream a = rig.upstream("a", Script.json(200, Wire.ANSWER, "x-request-id", "req_1"));
        rig.start();
        Interception record = rig.record();
        assertThat(rig.client.status()).isEqualTo(200);
        assertThat(rig.client.text()).isEqualTo(Wire.ANSWER);
        assertThat(rig.client.header("x-request-id")).isEqualTo("req_1");
        assertThat(rig.client.ended()).isTrue();
        assertThat(record.outcome()).isEqualTo(Outcome.SUCCESS);
        assertThat(record.error()).isNull();
        assertThat(record.committed()).isTrue();
        assertThat(record.httpStatus()).isEqualTo(200);
        assertThat(record.responseBytes()).isEqualTo(Wire.ANSWER.length());
        assertThat(record.usage().output()).isEqualTo(2);
        assertThat(a.breaker.verdicts()).containsExactly("succeeded");
        assertThat(a.call(0).readToTheEnd()).isTrue();
        assertThat(a.call(0).wasReset()).isFalse();
    }

    @Test
    void passesAStreamOnByteForByte() {
        FakeUpstream a = rig.upstream("a", Script.stream(Wire.STREAM));
        rig.start();
        Interception record = rig.record();
        assertThat(rig.client.text()).isEqualTo(String.join("", Wire.STREAM));
        assertThat(record.outcome()).isEqualTo(Outcome.SUCCESS);
        assertThat(record.finishReason()).isEqualTo("stop");
        assertThat(a.breaker.verdicts()).containsExactly("succeeded");
    }

    @Test
    void keepsTheRequestForAnotherAttemptUntilTheCommitAndNoLonger() {
        FakeUpstream a = rig.upstream("a", Script.HANG);
        rig.start();
        assertThat(rig.replayable()).isTrue();
        a.call(0).head(200, "content-type", "text/event-stream");
        assertThat(rig.replayable()).isTrue();
        a.call(0).chunk(Wire.HELLO);
        assertThat(rig.replayable()).isFalse();
        a.call(0).chunk(Wire.DONE).end();
        assertThat(rig.record().outcome()).isEqualTo(Outcome.SUCCESS);
    }

    @Test
    void passesEachChunkOnWhenItComes() {
        FakeUpstream a = rig.upstream("a", Script.openStream());
        rig.start();
        a.call(0).chunk(Wire.HELLO);
        assertThat(rig.traffic.openStreams("llm")).hasValue(1);
        assertThat(rig.client.text()).isEqualTo(Wire.HELLO);
        rig.timers.advance(Duration.ofSeconds(3));
        a.call(0).chunk(Wire.WORLD);
        assertThat(rig.client.text()).isEqualTo(Wire.HELLO + Wire.WORLD);
        assertThat(rig.interceptions.isEmpty()).isTrue();
        a.call(0).chunk(Wire.DONE).end();
        assertThat(rig.record().outcome()).isEqualTo(Outcome.SUCCESS);
    }

    @Test
    void measuresTheTimeToTheFirstContentAndNotToTheFirstByte() {
        FakeUpstream a = rig.upstream("a");
        rig.start();
        rig.timers.advance(Duration.ofSeconds(1));
        Script.openStream().play(a.call(0));
        a.call(0).chunk(Wire.PING).chunk(Wire.ROLE);
        rig.timers.advance(Duration.ofSeconds(4));
        a.call(0).chunk(Wire.HELLO);
        rig.timers.advance(Duration.ofSeconds(2));
        a.call(0).chunk(Wire.DONE).end();
        Interception record = rig.record();
        assertThat(record.timeToFirstContent()).isEqualTo(Duration.ofSeconds(5));
        assertThat(record.duration()).isEqualTo(Duration.ofSeconds(7));
        assertThat(record.overhead()).isZero();
    }

    @Test
    void endsOnlyWhenTheApplicationHasTakenTheLastByte() {
        rig.client.dawdleAtTheEnd();
        rig.upstream("a", Script.json(200, Wire.ANSWER));
        rig.start();
        assertThat(rig.interceptions.isEmpty()).isTrue();
        rig.timers.advance(Duration.ofSeconds(2));
        rig.client.takeTheEnd();
        assertThat(rig.record().duration()).isEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void tellsTheApplicationWhoAnswered() {
        rig.upstream("a", Script.json(200, Wire.ANSWER));
        rig.start();
        assertThat(rig.client.header("x-penstock-id")).isEqualTo(Rig.ID.toString());
        assertThat(rig.client.header("x-penstock-upstream")).isEqualTo("a");
        assertThat(rig.client.header("x-penstock-attempts")).isEqualTo("1");
        assertThat(rig.client.header("x-penstock-category")).isNull();
        assertThat(rig.client.header("x-should-retry")).isNull();
    }

    @Test
    void putsTheUpstreamsNameOfTheModelIntoTheBodyAndTouchesNothingElse() {
        String body = "{ \"messages\": [],\r\n \"model\" : \"gpt-5\" , \"user\":\"gpt-5\"}";
        rig.asks(Dialect.OPENAI, HttpMethod.POST, "/v1/chat/completions", body);
        FakeUpstream plain = rig.upstream("plain", Script.json(529, Wire.OVERLOADED, "x-should-retry", "false"));
        FakeUpstream azure =
                rig.upstream("azure", Script.json(200, Wire.ANSWER)).calls("gpt-5", "gpt-5-prod");
        rig.start();
        assertThat(plain.call(0).request().body().toString()).isEqualTo(body);
        assertThat(azure.call(0).request().body().toString())
                .isEqualTo("{ \"messages\": [],\r\n \"model\" : \"gpt-5-prod\" , \"user\":\"gpt-5\"}");
        assertThat(rig.record().modelRequested()).isEqualTo("gpt-5");
    }

    @Test
    void putsTheUpstreamsNameOfTheModelIntoAGeminiPath() {
        String path = "/v1beta/models/gemini-3:streamGenerateContent?alt=sse";
        rig.asks(Dialect.GEMINI, HttpMethod.POST, path, "{\"contents\":[]}");
        FakeUpstream a = rig.upstream("a").calls("gemini-3", "gemini-3-pinned");
        rig.start();
        assertThat(a.call(0).request().path())
                .isEqualTo("/v1beta/models/gemini-3-pinned:streamGenerateContent?alt=sse");
        assertThat(a.call(0).request().body().toString()).isEqualTo("{\"contents\":[]}");
        rig.clientGone();
        rig.record();
    }

    @Test
    void leavesAnOtherModelsNameAlone() {
        FakeUpstream a = rig.upstream("a", Script.json(200, Wire.ANSWER)).calls("gpt-4", "gpt-4-prod");
        rig.start();
        assertThat(a.call(0).request().body().toString()).isEqualTo(Wire.REQUEST);
        rig.record();
    }
}
