package io.penstock.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.classify.Category;
import io.penstock.classify.Phase;
import io.penstock.policy.RoutePolicy.Hold;
import io.penstock.record.Interception;
import io.penstock.record.Interception.Outcome;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Streams, until their first content: what is held, when it goes, and what failures that makes undoable. */
class RelayCommitGateTest {
    private final Rig rig = new Rig();

    private void assertOneCleanStream(Tongue tongue, String... attempts) {
        Interception record = rig.record();
        assertThat(record.outcome()).isEqualTo(Outcome.SUCCESS);
        assertThat(rig.interceptions.attempts()).containsExactly(attempts);
        assertThat(rig.client.status()).isEqualTo(200);
        assertThat(rig.client.text()).isEqualTo(tongue.whole());
        assertThat(rig.client.ended()).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void holdsLifecycleFramesAndReleasesThemUnchangedWithTheFirstContent(Tongue tongue) {
        FakeUpstream a = tongue.ask(rig).upstream("a", tongue.says(tongue.begun()));
        rig.start();
        assertThat(rig.client.hasHead()).isFalse();
        assertThat(rig.replayable()).isTrue();
        a.call(0).chunk(tongue.content.get(0));
        assertThat(rig.client.text()).isEqualTo(tongue.begun() + tongue.content.get(0));
        assertThat(rig.client.count("write")).isEqualTo(1);
        assertThat(rig.replayable()).isFalse();
        rig.clientGone();
        rig.record();
    }

    @ParameterizedTest
    @EnumSource
    void releasesTheWholeChunkThatHoldsTheFirstContentInTheSameTick(Tongue tongue) {
        String first = tongue.begun() + tongue.content.get(0);
        String half = tongue.content.get(1).substring(0, 9);
        tongue.ask(rig).upstream("a", tongue.says(first + half));
        rig.start();
        assertThat(rig.client.text()).isEqualTo(first + half);
        rig.clientGone();
        rig.record();
    }

    @ParameterizedTest
    @EnumSource
    void failsOverWhenAnOverloadComesInsideA200BeforeContent(Tongue tongue) {
        tongue.ask(rig);
        FakeUpstream a = rig.upstream(
                "a", new FakeUpstream.Settings().retries(0), tongue.says(tongue.begun(), tongue.overloaded));
        rig.upstream("b", tongue.streamsWell());
        rig.start();
        assertOneCleanStream(tongue, "a first overloaded", "b failover ok");
        assertThat(a.call(0).wasReset()).isTrue();
        assertThat(a.breaker("other").verdicts()).containsExactly("failed: overloaded");
        assertThat(rig.interceptions.only().attempts().get(0).status()).isEqualTo(200);
    }

    @ParameterizedTest
    @EnumSource
    void answersWithAnErrorStatusAndTheProvidersWordsWhenNobodyElseIsLeft(Tongue tongue) {
        tongue.ask(rig);
        rig.upstream("a", new FakeUpstream.Settings().retries(0), tongue.says(tongue.begun(), tongue.overloaded));
        rig.start();
        rig.record();
        assertThat(rig.client.status()).isEqualTo(tongue == Tongue.MESSAGES ? 529 : 503);
        assertThat(rig.client.header("content-type")).isEqualTo("application/json");
        assertThat(rig.client.header("x-penstock-category")).isEqualTo("overloaded");
        assertThat(rig.client.text()).startsWith("{").contains("\"error\":{").containsIgnoringCase("overloaded");
        assertThat(rig.client.text()).doesNotContain("Penstock:");
        assertThat(rig.failure().phase()).isEqualTo(Phase.PRE_COMMIT);
        assertThat(rig.interceptions.only().committed()).isFalse();
        assertThat(rig.interceptions.only().httpStatus()).isEqualTo(rig.client.status());
    }

    @ParameterizedTest
    @EnumSource
    void failsOverWhenNothingButPingsAndLifecycleComes(Tongue tongue) {
        tongue.ask(rig);
        FakeUpstream a = rig.upstream("a", tongue.says(tongue.begun()));
        rig.upstream("b", tongue.streamsWell());
        rig.start();
        for (int i = 0; i < 6; i++) {
            rig.timers.advance(Duration.ofSeconds(9));
            // White space between the elements is what an array has for keep-alives.
            a.call(0).chunk(tongue == Tongue.GEMINI_ARRAY ? "\n" : Wire.PING);
        }
        assertThat(rig.client.hasHead()).isFalse();
        rig.timers.advance(Duration.ofSeconds(6));
        assertOneCleanStream(tongue, "a first first_content_timeout", "b failover ok");
        assertThat(a.call(0).wasReset()).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void failsOverWhenTheStreamBreaksBeforeContent(Tongue tongue) {
        tongue.ask(rig);
        rig.upstream("a", tongue.says(tongue.begun()).then(ScriptedCall::cut));
        rig.upstream("b", tongue.streamsWell());
        rig.start();
        assertOneCleanStream(tongue, "a first protocol_error", "b failover ok");
    }

    @ParameterizedTest
    @EnumSource
    void failsOverWhenTheStreamEndsBeforeContent(Tongue tongue) {
        tongue.ask(rig);
        FakeUpstream a = rig.upstream("a", tongue.says(tongue.begun()).then(ScriptedCall::end));
        rig.upstream("b", tongue.streamsWell());
        rig.start();
        assertOneCleanStream(tongue, "a first protocol_error", "b failover ok");
        assertThat(a.call(0).wasReset())
                .as("its connection is good for another")
                .isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void failsOverWhenTheStreamIsEmpty(Tongue tongue) {
        tongue.ask(rig);
        rig.upstream("a", tongue.says().then(ScriptedCall::end));
        rig.upstream("b", tongue.streamsWell());
        rig.start();
        assertOneCleanStream(tongue, "a first protocol_error", "b failover ok");
    }

    @ParameterizedTest
    @EnumSource
    void failsOverWhenAWebPageComesAsAStream(Tongue tongue) {
        tongue.ask(rig);
        rig.upstream(
                "a",
                tongue.says("<!DOCTYPE html><html><body>Sign in</body></html>").then(ScriptedCall::end));
        rig.upstream("b", tongue.streamsWell());
        rig.start();
        assertOneCleanStream(tongue, "a first protocol_error", "b failover ok");
    }

    @ParameterizedTest
    @EnumSource
    void failsOverWhenTheHeadIsAllThatComes(Tongue tongue) {
        tongue.ask(rig);
        rig.upstream("a", tongue.says());
        rig.upstream("b", tongue.streamsWell());
        rig.start();
        rig.timers.advance(Duration.ofSeconds(60));
        assertOneCleanStream(tongue, "a first first_content_timeout", "b failover ok");
    }

    @Test
    void judgesAPackedStreamUnpackedAndRelaysItPacked() {
        Buffer packed = Packed.gzip(Tongue.CHAT.whole());
        Tongue.CHAT
                .ask(rig)
                .upstream("a", packedStream(Packed.gzip(Wire.ROLE + Wire.STREAM_OVERLOADED)), packedStream(packed));
        rig.start();
        rig.timers.advance(Duration.ofSeconds(1));
        assertThat(rig.record().outcome()).isEqualTo(Outcome.SUCCESS);
        assertThat(rig.interceptions.attempts()).containsExactly("a first overloaded", "a retry ok");
        assertThat(rig.client.body()).isEqualTo(packed);
        assertThat(rig.client.header("content-encoding")).isEqualTo("gzip");
    }

    @Test
    void unpacksAnErrorThatItAnswersWith() {
        Tongue.CHAT.ask(rig);
        rig.upstream(
                "a",
                new FakeUpstream.Settings().retries(0),
                packedStream(Packed.gzip(Wire.ROLE + Wire.STREAM_OVERLOADED)));
        rig.start();
        rig.record();
        assertThat(rig.client.header("content-encoding")).isNull();
        assertThat(rig.client.header("content-length"))
                .isEqualTo(Integer.toString(rig.client.body().length()));
        assertThat("data: " + rig.client.text() + "\n\n").isEqualTo(Wire.STREAM_OVERLOADED);
    }

    @Test
    void commitsAtOnceWhenNobodyCanReadTheCoding() {
        Tongue.CHAT.ask(rig).upstream("a", Script.openStream("content-encoding", "br"));
        rig.start();
        assertThat(rig.client.hasHead()).isTrue();
        rig.clientGone();
        rig.record();
    }

    @Test
    void letsGoAtTheBoundOfFramesAndSaysInTheStreamWhatComesLater() {
        FakeUpstream a = Tongue.CHAT.ask(rig).hold(new Hold(3, 1 << 20, null)).upstream("a", Script.openStream());
        FakeUpstream b = rig.upstream("b");
        rig.start();
        a.call(0).chunk(Wire.ROLE).chunk(Wire.PING).chunk(Wire.ROLE);
        assertThat(rig.client.hasHead()).isFalse();
        a.call(0).chunk(Wire.ROLE);
        assertThat(rig.client.text()).isEqualTo(Wire.ROLE + Wire.PING + Wire.ROLE + Wire.ROLE);
        a.call(0).chunk(Wire.STREAM_OVERLOADED).end();
        rig.record();
        assertThat(rig.failure().category()).isEqualTo(Category.OVERLOADED);
        assertThat(rig.failure().phase()).isEqualTo(Phase.MID_STREAM);
        assertThat(b.calls()).isZero();
    }

    @Test
    void letsGoAtTheBoundOfBytes() {
        FakeUpstream a = Tongue.CHAT.ask(rig).hold(new Hold(64, 100, null)).upstream("a", Script.openStream());
        rig.start();
        a.call(0).chunk(": " + "x".repeat(90) + "\n\n");
        assertThat(rig.client.hasHead()).isFalse();
        a.call(0).chunk(": " + "x".repeat(90) + "\n\n");
        assertThat(rig.client.body().length()).isEqualTo(188);
        rig.clientGone();
        rig.record();
    }

    @Test
    void letsGoAtTheBoundOfTimeAndStillWatchesForTheFirstContent() {
        Hold hold = new Hold(64, 1 << 20, Duration.ofSeconds(5));
        FakeUpstream a = Tongue.CHAT.ask(rig).hold(hold).upstream("a");
        rig.start();
        rig.timers.advance(Duration.ofSeconds(10));
        Script.openStream().play(a.call(0));
        a.call(0).chunk(Wire.PING);
        rig.timers.advance(Duration.ofSeconds(5).minusMillis(1));
        assertThat(rig.client.hasHead()).isFalse();
        rig.timers.advance(Duration.ofMillis(1));
        assertThat(rig.client.text()).isEqualTo(Wire.PING);
        rig.timers.advance(Duration.ofSeconds(44));
        a.call(0).chunk(Wire.PING);
        assertThat(rig.interceptions.isEmpty()).isTrue();
        rig.timers.advance(Duration.ofSeconds(1));
        rig.record();
        assertThat(rig.failure().category()).isEqualTo(Category.FIRST_CONTENT_TIMEOUT);
        assertThat(rig.failure().phase()).isEqualTo(Phase.MID_STREAM);
        assertThat(rig.client.lastWords()).contains("first_content_timeout");
    }

    @Test
    void measuresTheIdleTimeFromTheFirstContentOn() {
        FakeUpstream a = Tongue.CHAT.ask(rig).upstream("a", Script.openStream());
        rig.start();
        // Longer than the time between two chunks, shorter than the time to the first content.
        rig.timers.advance(Duration.ofSeconds(59));
        a.call(0).chunk(Tongue.CHAT.whole()).end();
        assertThat(rig.record().outcome()).isEqualTo(Outcome.SUCCESS);
    }

    @ParameterizedTest
    @EnumSource(names = "GEMINI_ARRAY", mode = EnumSource.Mode.EXCLUDE)
    void takesContentAndAnErrorInOneChunkForAnAnswerThatWentWrong(Tongue tongue) {
        tongue.ask(rig)
                .upstream(
                        "a",
                        tongue.says(tongue.content.get(0) + tongue.overloaded).then(ScriptedCall::end));
        FakeUpstream b = rig.upstream("b");
        rig.start();
        rig.record();
        assertThat(rig.failure().phase()).isEqualTo(Phase.MID_STREAM);
        assertThat(rig.client.text()).isEqualTo(tongue.content.get(0) + tongue.overloaded);
        assertThat(b.calls()).isZero();
    }

    @Test
    void passesARefusalOnAsItCame() {
        String refusal = """
                data: {"choices":[{"index":0,"delta":{},"finish_reason":"content_filter"}]}

                """;
        FakeUpstream a = Tongue.CHAT.ask(rig).upstream("a", Tongue.CHAT.says(Wire.ROLE + refusal));
        rig.start();
        a.call(0).chunk(Wire.DONE).end();
        Interception record = rig.record();
        assertThat(rig.client.status()).isEqualTo(200);
        assertThat(rig.client.text()).isEqualTo(Wire.ROLE + refusal + Wire.DONE);
        assertThat(rig.client.ended()).isTrue();
        assertThat(rig.client.header("x-penstock-category")).isEqualTo("content_filter");
        assertThat(rig.failure().category()).isEqualTo(Category.CONTENT_FILTER);
        assertThat(record.finishReason()).isEqualTo("content_filter");
        assertThat(a.breaker.verdicts()).containsExactly("succeeded");
    }

    @Test
    void resetsTheUpstreamWhenTheApplicationLeavesWhileFramesAreHeld() {
        FakeUpstream a = Tongue.CHAT.ask(rig).upstream("a", Tongue.CHAT.says(Tongue.CHAT.begun()));
        rig.start();
        rig.clientGone();
        assertThat(rig.record().outcome()).isEqualTo(Outcome.CANCELED);
        assertThat(a.call(0).wasReset()).isTrue();
        a.call(0).chunk(Wire.HELLO);
        assertThat(rig.client.hasHead()).isFalse();
    }

    @Test
    void endsAtTheDeadlineWhileFramesAreHeld() {
        FakeUpstream a = Tongue.CHAT
                .ask(rig)
                .deadline(Duration.ofSeconds(20))
                .upstream("a", Tongue.CHAT.says(Tongue.CHAT.begun()));
        rig.start();
        rig.timers.advance(Duration.ofSeconds(20));
        rig.record();
        assertThat(rig.failure().category()).isEqualTo(Category.DEADLINE_EXCEEDED);
        assertThat(rig.client.status()).isEqualTo(504);
        assertThat(a.call(0).wasReset()).isTrue();
    }

    @Test
    void keepsASlowApplicationsUpstreamBackFromTheCommitOn() {
        rig.client.fill();
        FakeUpstream a = Tongue.CHAT.ask(rig).upstream("a", Tongue.CHAT.says(Tongue.CHAT.begun()));
        rig.start();
        assertThat(a.call(0).paused()).isFalse();
        a.call(0).chunk(Wire.HELLO);
        assertThat(a.call(0).paused()).isTrue();
        a.call(0).chunk(Wire.WORLD);
        assertThat(rig.client.text()).isEqualTo(Tongue.CHAT.begun() + Wire.HELLO);
        rig.client.drain();
        assertThat(rig.client.text()).isEqualTo(Tongue.CHAT.begun() + Wire.HELLO + Wire.WORLD);
        rig.clientGone();
        rig.record();
    }

    private static Script packedStream(Buffer packed) {
        return call -> call.head(200, "content-type", "text/event-stream", "content-encoding", "gzip")
                .chunk(packed)
                .end();
    }
}
