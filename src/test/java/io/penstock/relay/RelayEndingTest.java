package io.penstock.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.classify.Category;
import io.penstock.classify.Phase;
import io.penstock.dialect.Dialect;
import io.penstock.record.Interception.Outcome;
import io.vertx.core.http.HttpMethod;
import java.time.Duration;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** How the application is told, in a stream that it is reading already, that there will be no more. */
class RelayEndingTest {
    private final Rig rig = new Rig();

    /** What goes wrong after content. */
    enum Misfortune {
        CUT(Category.STREAM_TRUNCATED, rig -> {}, ScriptedCall::cut),
        NO_MARKER(Category.STREAM_TRUNCATED, rig -> {}, ScriptedCall::end),
        SILENCE(Category.IDLE_TIMEOUT, rig -> rig.timers.advance(Duration.ofSeconds(30)), call -> {}),
        DEADLINE(Category.DEADLINE_EXCEEDED, rig -> rig.timers.advance(Duration.ofSeconds(20)), call -> {});

        private final Category category;
        private final Consumer<Rig> time;
        private final Script event;

        Misfortune(Category category, Consumer<Rig> time, Script event) {
            this.category = category;
            this.time = time;
            this.event = event;
        }

        void befall(Rig rig, ScriptedCall call) {
            event.play(call);
            time.accept(rig);
        }
    }

    private FakeUpstream begun(Tongue tongue, String... pieces) {
        FakeUpstream a = tongue.ask(rig).upstream("a", tongue.says(pieces));
        rig.start();
        assertThat(rig.client.hasHead()).isTrue();
        return a;
    }

    private static String frame(Tongue tongue, String code, String message) {
        String envelope = "{\"error\":{\"message\":\"Penstock: " + message
                + "\",\"type\":\"server_error\",\"param\":null,\"code\":\"" + code + "\"}}";
        String google = "{\"error\":{\"code\":502,\"message\":\"Penstock: " + message + "\",\"status\":\"INTERNAL\"}}";
        return switch (tongue) {
            case CHAT -> "data: " + envelope + "\n\n";
            case RESPONSES ->
                "event: error\ndata: {\"type\":\"error\",\"code\":\"" + code + "\",\"message\":\"Penstock: " + message
                        + "\",\"param\":null,\"sequence_number\":3,\"error\":{\"type\":\"server_error\",\"code\":\""
                        + code
                        + "\",\"message\":\"Penstock: " + message + "\",\"param\":null}}\n\n";
            case MESSAGES ->
                "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"api_error\",\"message\":\"Penstock: "
                        + message + "\"}}\n\n";
            case GEMINI -> "data: " + google + "\n\n";
            case GEMINI_ARRAY -> ",\n" + google + "\n]\n";
        };
    }

    @ParameterizedTest
    @EnumSource
    void endsInTheWordsOfTheApiWhenTheConnectionBreaks(Tongue tongue) {
        FakeUpstream a = begun(tongue, tongue.begun(), tongue.content.get(0));
        a.call(0).cut();
        rig.record();
        String frame = frame(tongue, "stream_truncated", "the answer broke off: reset");
        assertThat(rig.client.lastWords()).isEqualTo(frame);
        assertThat(rig.client.text()).isEqualTo(tongue.begun() + tongue.content.get(0) + frame);
        assertThat(rig.client.wasReset()).isTrue();
        assertThat(rig.client.ended()).isFalse();
        assertThat(rig.interceptions.only().responseBytes())
                .isEqualTo(rig.client.body().length());
        assertThat(rig.failure().category()).isEqualTo(Category.STREAM_TRUNCATED);
        assertThat(rig.failure().phase()).isEqualTo(Phase.MID_STREAM);
        assertThat(a.breaker.verdicts()).containsExactly("failed: stream_truncated");
    }

    @ParameterizedTest
    @EnumSource
    void tellsEveryMisfortuneOnceAndTriesNoMore(Misfortune misfortune) {
        for (Tongue tongue : Tongue.values()) {
            Rig fresh = new Rig().deadline(Duration.ofSeconds(misfortune == Misfortune.DEADLINE ? 20 : 600));
            FakeUpstream a = tongue.ask(fresh).upstream("a", tongue.says(tongue.begun(), tongue.content.get(0)));
            FakeUpstream b = fresh.upstream("b");
            fresh.start();
            misfortune.befall(fresh, a.call(0));
            fresh.record();
            assertThat(fresh.failure().category()).as("%s", tongue).isEqualTo(misfortune.category);
            assertThat(fresh.failure().phase()).isEqualTo(Phase.MID_STREAM);
            assertThat(fresh.client.lastWords()).contains("\"error\":{").contains("Penstock: ");
            assertThat(fresh.client.wasReset()).isTrue();
            assertThat(b.calls()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource(names = "GEMINI_ARRAY", mode = EnumSource.Mode.EXCLUDE)
    void endsABrokenFrameBeforeItSpeaks(Tongue tongue) {
        String half = tongue.content.get(1).substring(0, tongue.content.get(1).length() / 2);
        FakeUpstream a = begun(tongue, tongue.content.get(0), half);
        a.call(0).cut();
        rig.record();
        assertThat(rig.client.text()).startsWith(tongue.content.get(0) + half + "\n\n");
        assertThat(rig.client.lastWords()).startsWith("\n\n").contains("Penstock: ");
    }

    @Test
    void onlyCutsAnArrayInsideAnElement() {
        Tongue tongue = Tongue.GEMINI_ARRAY;
        FakeUpstream a = begun(tongue, "[", tongue.content.get(0), ",{\"candidates\":[{\"con");
        a.call(0).cut();
        rig.record();
        assertThat(rig.client.lastWords()).isEmpty();
        assertThat(rig.client.wasReset()).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void passesTheProvidersOwnErrorOnAndAddsNoSecond(Tongue tongue) {
        String told = tongue == Tongue.GEMINI_ARRAY ? "," + tongue.overloaded : tongue.overloaded;
        FakeUpstream a = begun(tongue, tongue.begun(), tongue.content.get(0), told);
        a.call(0).cut();
        rig.record();
        assertThat(rig.client.text()).isEqualTo(tongue.begun() + tongue.content.get(0) + told);
        assertThat(rig.client.lastWords()).isEmpty();
        assertThat(rig.failure().category()).isEqualTo(Category.OVERLOADED);
    }

    @ParameterizedTest
    @EnumSource
    void endsProperlyAfterTheProvidersOwnErrorAndItsEnd(Tongue tongue) {
        String told = tongue == Tongue.GEMINI_ARRAY ? "," + tongue.overloaded : tongue.overloaded;
        FakeUpstream a = begun(tongue, tongue.begun(), tongue.content.get(0), told);
        a.call(0).end();
        rig.record();
        assertThat(rig.client.lastWords()).isEmpty();
        assertThat(rig.client.ended()).isTrue();
        assertThat(rig.failure().category()).isEqualTo(Category.OVERLOADED);
    }

    @ParameterizedTest
    @EnumSource
    void endsProperlyWhenTheConnectionBreaksAfterTheTerminalMarker(Tongue tongue) {
        FakeUpstream a = begun(tongue, tongue.whole());
        a.call(0).cut();
        assertThat(rig.record().outcome()).isEqualTo(Outcome.SUCCESS);
        assertThat(rig.client.text()).isEqualTo(tongue.whole());
        assertThat(rig.client.ended()).isTrue();
        assertThat(rig.client.wasReset()).isFalse();
    }

    @Test
    void endsProperlyWhenTheUpstreamFallsSilentAfterTheTerminalMarker() {
        FakeUpstream a = begun(Tongue.CHAT, Tongue.CHAT.whole());
        rig.timers.advance(Duration.ofSeconds(30));
        assertThat(rig.record().outcome()).isEqualTo(Outcome.SUCCESS);
        assertThat(rig.client.ended()).isTrue();
        assertThat(a.call(0).wasReset()).isTrue();
    }

    @Test
    void addsNothingToAPackedStream() {
        FakeUpstream a = Tongue.CHAT.ask(rig).upstream("a", Script.openStream("content-encoding", "gzip"));
        rig.start();
        a.call(0).chunk(Packed.gzip(Wire.ROLE + Wire.HELLO)).cut();
        rig.record();
        assertThat(rig.failure().phase()).isEqualTo(Phase.MID_STREAM);
        assertThat(rig.client.lastWords()).isEmpty();
        assertThat(rig.client.wasReset()).isTrue();
    }

    @Test
    void addsNothingToAStreamOfAnAnnouncedLength() {
        FakeUpstream a = Tongue.CHAT.ask(rig).upstream("a", Script.openStream("content-length", "4000"));
        rig.start();
        a.call(0).chunk(Wire.HELLO).cut();
        rig.record();
        assertThat(rig.client.lastWords()).isEmpty();
        assertThat(rig.client.wasReset()).isTrue();
    }

    @Test
    void speaksOpenAisWordsWhereAGeminiRouteServesItsOperations() {
        rig.asks(
                Dialect.GEMINI,
                HttpMethod.POST,
                "/v1beta/openai/chat/completions",
                "{\"stream\":true,\"messages\":[]}");
        FakeUpstream a = rig.upstream("a", Script.openStream());
        rig.start();
        a.call(0).chunk(Wire.HELLO).cut();
        rig.record();
        assertThat(rig.client.lastWords())
                .startsWith("data: {\"error\":{\"message\"")
                .contains("\"type\":\"server_error\"");
    }

    @Test
    void speaksInLinesWhereTheStreamIsOneOfLines() {
        FakeUpstream a =
                Tongue.CHAT.ask(rig).upstream("a", call -> call.head(200, "content-type", "application/x-ndjson"));
        rig.start();
        a.call(0)
                .chunk("{\"choices\":[{\"delta\":{\"content\":\"Hi\"}}]}\n{\"cho")
                .cut();
        rig.record();
        assertThat(rig.client.lastWords()).startsWith("\n{\"error\":{").endsWith("}}\n");
    }

    @Test
    void recognisesAStreamWhoseTypeNobodySaid() {
        FakeUpstream a = Tongue.CHAT.ask(rig).upstream("a", call -> call.head(200));
        rig.start();
        a.call(0).chunk(Wire.HELLO).cut();
        rig.record();
        assertThat(rig.client.lastWords()).startsWith("data: {\"error\":{");
    }
}
