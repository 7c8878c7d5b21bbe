package io.penstock.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.classify.Category;
import io.penstock.classify.Phase;
import io.penstock.dialect.Dialect;
import io.penstock.policy.RoutePolicy.Hold;
import io.penstock.record.Interception;
import io.penstock.record.Interception.Outcome;
import io.vertx.core.http.HttpMethod;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole documents in a 200: what is an answer, and what is none. */
class RelayDocumentTest {
    private final Rig rig = new Rig();

    private static Script head(String... headers) {
        return call -> call.head(200, headers);
    }

    private static Script json(String... chunks) {
        return call -> {
            call.head(200, "content-type", "application/json");
            for (String chunk : chunks) {
                call.chunk(chunk);
            }
        };
    }

    private void assertSecondAnswered(String firstFailure) {
        assertThat(rig.record().outcome()).isEqualTo(Outcome.SUCCESS);
        assertThat(rig.interceptions.attempts()).containsExactly("a first " + firstFailure, "b failover ok");
        assertThat(rig.client.text()).isEqualTo(Wire.ANSWER);
    }

    private Rig backed() {
        rig.upstream("b", Script.json(200, Wire.ANSWER));
        return rig;
    }

    @Test
    void answersWithAnErrorStatusAndTheProvidersBytesWhenA200IsAnError() {
        FakeUpstream a = rig.upstream(
                "a", new FakeUpstream.Settings().retries(0), Script.json(200, Wire.OVERLOADED, "x-request-id", "r1"));
        rig.start();
        Interception record = rig.record();
        assertThat(rig.client.status()).isEqualTo(503);
        assertThat(rig.client.text()).isEqualTo(Wire.OVERLOADED);
        assertThat(rig.client.header("x-request-id")).isEqualTo("r1");
        assertThat(rig.client.header("x-penstock-category")).isEqualTo("overloaded");
        assertThat(rig.failure().phase()).isEqualTo(Phase.PRE_COMMIT);
        assertThat(record.httpStatus()).isEqualTo(503);
        assertThat(a.call(0).wasReset()).isFalse();
        assertThat(a.breaker("other").verdicts()).containsExactly("failed: overloaded");
    }

    @ParameterizedTest
    @CsvSource({
        "rate_limit_exceeded, 429",
        "insufficient_quota, 429",
        "invalid_api_key, 401",
        "model_not_found, 404",
        "context_length_exceeded, 400",
        "internal_error, 500",
        "529, 529"
    })
    void choosesTheStatusThatTheProviderWouldHaveUsed(String code, int status) {
        rig.upstream("a", new FakeUpstream.Settings().retries(0), Script.json(200, Wire.error("e", code, "No.")));
        rig.start();
        rig.record();
        assertThat(rig.client.status()).isEqualTo(status);
    }

    @Test
    void failsOverWhenA200IsAnError() {
        rig.upstream("a", new FakeUpstream.Settings().retries(0), Script.json(200, Wire.OVERLOADED));
        backed().start();
        assertSecondAnswered("overloaded");
    }

    @Test
    void returnsTheCallersErrorInsideA200AtOnce() {
        rig.upstream("a", Script.json(200, Wire.CONTEXT_TOO_LONG));
        FakeUpstream b = rig.upstream("b");
        rig.start();
        rig.record();
        assertThat(rig.client.status()).isEqualTo(400);
        assertThat(rig.client.text()).isEqualTo(Wire.CONTEXT_TOO_LONG);
        assertThat(b.calls()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/json",
                "text/plain",
                "application/octet-stream",
                "text/html",
                "text/html; charset=utf-8"
            })
    void failsOverWhenA200IsAWebPage(String type) {
        rig.upstream("a", head("content-type", type).then(call -> call.chunk("<html><title>Sign in</title></html>")
                .end()));
        backed().start();
        assertSecondAnswered("protocol_error");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\r\n\r\n"})
    void failsOverWhenA200IsEmpty(String body) {
        rig.upstream("a", json(body).then(ScriptedCall::end));
        backed().start();
        assertSecondAnswered("protocol_error");
    }

    @Test
    void failsOverWhenA200BreaksOffAfterItsContentBegan() {
        rig.upstream("a", json(Wire.ANSWER.substring(0, 150)).then(ScriptedCall::cut));
        backed().start();
        assertSecondAnswered("protocol_error");
    }

    @Test
    void failsOverWhenA200EndsTooEarly() {
        rig.upstream("a", json(Wire.ANSWER.substring(0, 150)).then(ScriptedCall::end));
        backed().start();
        assertSecondAnswered("protocol_error");
    }

    @Test
    void failsOverWhenWhiteSpaceIsAllThatComes() {
        FakeUpstream a = rig.upstream("a", json("\n"));
        backed().start();
        rig.timers.advance(Duration.ofSeconds(30));
        a.call(0).chunk("\n");
        rig.timers.advance(Duration.ofSeconds(30));
        assertSecondAnswered("first_content_timeout");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"a\":1}", "{\"object\":\"something.new\",\"result\":[1,2]}"})
    void passesADocumentOfAnUnknownShapeOn(String body) {
        rig.upstream("a", Script.json(200, body));
        rig.start();
        assertThat(rig.record().outcome()).isEqualTo(Outcome.SUCCESS);
        assertThat(rig.client.text()).isEqualTo(body);
    }

    @Test
    void holdsADocumentThatAnswersAStreamingRequestAndPassesItOnWhole() {
        FakeUpstream a = Tongue.CHAT.ask(rig).upstream("a", json("{ \"choices\" : [ ] ,"));
        rig.start();
        a.call(0).chunk(" \"odd\": 1.10 }\r\n");
        assertThat(rig.client.hasHead()).isFalse();
        a.call(0).end();
        assertThat(rig.record().outcome()).isEqualTo(Outcome.SUCCESS);
        assertThat(rig.client.text()).isEqualTo("{ \"choices\" : [ ] , \"odd\": 1.10 }\r\n");
    }

    @Test
    void failsOverWhenAGrowingArrayStaysEmpty() {
        Tongue.GEMINI_ARRAY
                .ask(rig)
                .upstream("a", Tongue.GEMINI_ARRAY.says(" [\n]").then(ScriptedCall::end));
        rig.upstream("b", Tongue.GEMINI_ARRAY.streamsWell());
        rig.start();
        assertThat(rig.record().outcome()).isEqualTo(Outcome.SUCCESS);
        assertThat(rig.interceptions.attempts()).containsExactly("a first protocol_error", "b failover ok");
    }

    @Test
    void passesALargeDocumentOnWhenTheBoundOfBytesIsReached() {
        String large = Wire.ANSWER.replace("Hello", "Hello".repeat(100_000));
        FakeUpstream a = rig.upstream("a", json(large.substring(0, 200_000)));
        rig.start();
        assertThat(rig.client.hasHead()).isFalse();
        a.call(0).chunk(large.substring(200_000, 300_000));
        assertThat(rig.client.text()).isEqualTo(large.substring(0, 300_000));
        a.call(0).chunk(large.substring(300_000)).end();
        assertThat(rig.record().outcome()).isEqualTo(Outcome.SUCCESS);
        assertThat(rig.client.text()).isEqualTo(large);
    }

    @Test
    void resetsTheApplicationWhenADocumentBreaksOffAfterTheCommit() {
        String large = Wire.ANSWER.replace("Hello", "Hello".repeat(100_000));
        FakeUpstream a = rig.upstream("a", json(large.substring(0, 300_000)));
        rig.start();
        a.call(0).cut();
        rig.record();
        assertThat(rig.failure().category()).isEqualTo(Category.STREAM_TRUNCATED);
        assertThat(rig.client.wasReset()).isTrue();
        assertThat(rig.client.lastWords()).isEmpty();
        assertThat(rig.client.text()).isEqualTo(large.substring(0, 300_000));
    }

    @Test
    void passesATricklingDocumentOnAMomentAfterItsContentBegan() {
        FakeUpstream a = rig.upstream("a", json(Wire.ANSWER.substring(0, 40)));
        rig.start();
        rig.timers.advance(Duration.ofSeconds(50));
        a.call(0).chunk(Wire.ANSWER.substring(40, 150));
        rig.timers.advance(CommitGate.REST_OF_A_DOCUMENT.minusMillis(1));
        assertThat(rig.client.hasHead()).isFalse();
        rig.timers.advance(Duration.ofMillis(1));
        assertThat(rig.client.text()).isEqualTo(Wire.ANSWER.substring(0, 150));
        rig.timers.advance(Duration.ofSeconds(20));
        a.call(0).chunk(Wire.ANSWER.substring(150)).end();
        assertThat(rig.record().outcome()).isEqualTo(Outcome.SUCCESS);
    }

    @Test
    void takesALongTextThatIsUnderWayForContent() {
        String large = Wire.ANSWER.replace("Hello", "x".repeat(600_000));
        FakeUpstream a = rig.upstream("a");
        rig.start();
        rig.timers.advance(Duration.ofSeconds(55));
        json(large.substring(0, 300_000)).play(a.call(0));
        for (int from = 300_000; from < 600_000; from += 100_000) {
            rig.timers.advance(Duration.ofSeconds(4));
            a.call(0).chunk(large.substring(from, from + 100_000));
        }
        a.call(0).chunk(large.substring(600_000)).end();
        assertThat(rig.record().outcome()).isEqualTo(Outcome.SUCCESS);
        assertThat(rig.client.text()).isEqualTo(large);
        assertThat(rig.interceptions.only().timeToFirstContent()).isEqualTo(Duration.ofSeconds(55));
    }

    @Test
    void callsASilenceInALongTextWhatItIs() {
        String large = Wire.ANSWER.replace("Hello", "x".repeat(600_000));
        rig.upstream("a", json(large.substring(0, 300_000)));
        rig.start();
        rig.timers.advance(Duration.ofSeconds(30));
        rig.record();
        assertThat(rig.failure().category()).isEqualTo(Category.IDLE_TIMEOUT);
    }

    @Test
    void takesALongErrorThatIsUnderWayForNoContent() {
        FakeUpstream a = rig.upstream(
                "a",
                json(Wire.OVERLOADED.replace("Overloaded.", "x".repeat(5_000)).substring(0, 4_000)));
        backed();
        rig.start();
        rig.timers.advance(Duration.ofSeconds(60));
        assertSecondAnswered("first_content_timeout");
        assertThat(a.call(0).wasReset()).isTrue();
    }

    @Test
    void letsADocumentWithoutContentGoAtTheBoundOfTime() {
        FakeUpstream a = rig.hold(new Hold(64, 1 << 18, Duration.ofSeconds(3))).upstream("a", json("\n"));
        rig.start();
        rig.timers.advance(Duration.ofSeconds(3));
        assertThat(rig.client.text()).isEqualTo("\n");
        a.call(0).chunk(Wire.ANSWER).end();
        assertThat(rig.record().outcome()).isEqualTo(Outcome.SUCCESS);
    }

    @Test
    void refusesAnEndlessDocumentThatIsNoJson() {
        rig.upstream("a", call -> call.head(200, "content-type", "text/plain").chunk("<html>" + "x".repeat(300_000)));
        backed().start();
        assertSecondAnswered("protocol_error");
    }

    @Test
    void answersWithAnErrorWhenTheSiteSendsAPageAndNobodyElseIsLeft() {
        rig.upstream("a", head("content-type", "text/html").then(call -> call.chunk("<html>")
                .end()));
        rig.start();
        rig.record();
        assertThat(rig.client.status()).isEqualTo(502);
        assertThat(rig.client.text()).startsWith("{\"error\":{\"message\":\"Penstock: ");
        assertThat(rig.failure().category()).isEqualTo(Category.PROTOCOL_ERROR);
    }

    @Test
    void passesARefusalOnAsItCame() {
        String refusal = "{\"promptFeedback\":{\"blockReason\":\"SAFETY\"},\"usageMetadata\":{\"promptTokenCount\":4}}";
        rig.asks(Dialect.GEMINI, HttpMethod.POST, "/v1beta/models/gemini-3:generateContent", "{\"contents\":[]}");
        rig.upstream("a", Script.json(200, refusal));
        rig.start();
        rig.record();
        assertThat(rig.client.status()).isEqualTo(200);
        assertThat(rig.client.text()).isEqualTo(refusal);
        assertThat(rig.failure().category()).isEqualTo(Category.CONTENT_FILTER);
        assertThat(rig.client.header("x-penstock-category")).isEqualTo("content_filter");
    }

    @ParameterizedTest
    @CsvSource({
        "POST, /v1/audio/speech, audio/mpeg",
        "GET, /v1/files/f-1/content, application/octet-stream",
        "POST, /v1/images/generations, application/json",
        "GET, /v1/whatever, text/html",
        "POST, /v1/chat/completions, audio/wav",
        "HEAD, /v1/models, application/json"
    })
    void commitsAtTheHeadWhatItCannotJudge(String method, String path, String type) {
        FakeUpstream a = rig.asks(Dialect.OPENAI, HttpMethod.valueOf(method), path, "{}")
                .upstream("a", head("content-type", type));
        rig.start();
        assertThat(rig.client.hasHead()).isTrue();
        a.call(0).end();
        assertThat(rig.record().outcome()).isEqualTo(Outcome.SUCCESS);
    }

    @ParameterizedTest
    @ValueSource(ints = {201, 202, 204, 206, 304})
    void commitsAtTheHeadWhatIsNo200(int status) {
        FakeUpstream a = rig.upstream("a", call -> call.head(status, "content-type", "application/json"));
        rig.start();
        assertThat(rig.client.status()).isEqualTo(status);
        a.call(0).end();
        assertThat(rig.record().outcome()).isEqualTo(Outcome.SUCCESS);
    }

    @Test
    void tellsTheTimeToTheFirstContentOfADocument() {
        FakeUpstream a = rig.upstream("a", json(Wire.ANSWER.substring(0, 40)));
        rig.start();
        rig.timers.advance(Duration.ofSeconds(7));
        a.call(0).chunk(Wire.ANSWER.substring(40)).end();
        assertThat(rig.record().timeToFirstContent()).isEqualTo(Duration.ofSeconds(7));
    }
}
