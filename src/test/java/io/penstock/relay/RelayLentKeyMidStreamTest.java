package io.penstock.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.classify.Category;
import io.penstock.classify.Phase;
import io.penstock.upstream.KeyState;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a provider says of an account after the commit, where the key is Penstock's own, and where it is not. */
class RelayLentKeyMidStreamTest {
    private static final String SECRET = "org-of-the-operator";
    private static final String NO_MONEY = "data: "
            + Wire.error("insufficient_quota", "insufficient_quota", SECRET).strip() + "\n\n";

    private final Rig rig = new Rig();

    private FakeUpstream lent() {
        return rig.upstream("a", new FakeUpstream.Settings().keys("sk-first-key-0001"), Script.openStream());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 7, 50, 10_000})
    void masksAnAccountsErrorHoweverItIsCutIntoChunks(int size) {
        FakeUpstream a = lent();
        Tongue.CHAT.ask(rig).start();
        Buffer stream = Buffer.buffer(Wire.ROLE + Wire.HELLO + Wire.WORLD + NO_MONEY + Wire.DONE);
        for (int from = 0; from < stream.length() && !a.call(0).over(); from += size) {
            a.call(0).chunk(stream.getBuffer(from, Math.min(stream.length(), from + size)));
        }

        assertThat(rig.failure().category()).isEqualTo(Category.QUOTA_EXHAUSTED);
        assertThat(rig.failure().phase()).isEqualTo(Phase.MID_STREAM);
        assertThat(rig.failure().message()).contains(SECRET);
        assertThat(rig.client.text())
                .startsWith(Wire.ROLE + Wire.HELLO + Wire.WORLD + "data: {\"error\"")
                .contains("Penstock: the account behind this gateway is used up")
                .doesNotContain(SECRET);
        assertThat(rig.client.wasReset()).isTrue();
        assertThat(a.call(0).wasReset()).isTrue();
        assertThat(Objects.requireNonNull(a.upstream().keys()).count(KeyState.EXHAUSTED))
                .isEqualTo(1);
    }

    @Test
    void masksAnAccountsErrorThatTheConnectionsEndCutShort() {
        FakeUpstream a = lent();
        Tongue.CHAT.ask(rig).start();
        a.call(0).chunk(Wire.HELLO).chunk(NO_MONEY.stripTrailing()).end();

        assertThat(rig.failure().category()).isEqualTo(Category.QUOTA_EXHAUSTED);
        assertThat(rig.client.text()).startsWith(Wire.HELLO).doesNotContain(SECRET);
    }

    @Test
    void passesOnTheBeginningOfAFrameThatASilenceCutShort() {
        FakeUpstream a = lent();
        Tongue.CHAT.ask(rig).start();
        a.call(0).chunk(Tongue.CHAT.whole() + "data: {");
        rig.timers.advance(Duration.ofSeconds(30));

        assertThat(rig.record().error()).isNull();
        assertThat(rig.client.text()).isEqualTo(Tongue.CHAT.whole() + "data: {");
    }

    @Test
    void passesOnWhatIsSaidOfTheApplicationsOwnAccount() {
        FakeUpstream a = rig.upstream("a", Script.openStream());
        Tongue.CHAT.ask(rig).start();
        a.call(0).chunk(Wire.HELLO).chunk(NO_MONEY).end();

        assertThat(rig.failure().category()).isEqualTo(Category.QUOTA_EXHAUSTED);
        assertThat(rig.client.text()).isEqualTo(Wire.HELLO + NO_MONEY);
    }

    @ParameterizedTest
    @EnumSource(Tongue.class)
    void passesOnAnErrorThatIsNotOfTheAccount(Tongue tongue) {
        String error = (tongue == Tongue.GEMINI_ARRAY ? "\n,\r\n" : "") + tongue.overloaded;
        rig.upstream(
                "a",
                new FakeUpstream.Settings().keys("sk-first-key-0001"),
                tongue.says(tongue.begun(), tongue.content.get(0), error).then(ScriptedCall::end));
        tongue.ask(rig).start();

        assertThat(rig.failure().category()).isEqualTo(Category.OVERLOADED);
        assertThat(rig.client.text()).isEqualTo(tongue.begun() + tongue.content.get(0) + error);
    }

    @ParameterizedTest
    @EnumSource(Tongue.class)
    void passesOnAWholeStreamUnchanged(Tongue tongue) {
        rig.upstream("a", new FakeUpstream.Settings().keys("sk-first-key-0001"), tongue.streamsWell());
        tongue.ask(rig).start();

        assertThat(rig.record().error()).isNull();
        assertThat(rig.client.text()).isEqualTo(tongue.whole());
    }

    @ParameterizedTest
    @EnumSource(value = Tongue.class, names = "GEMINI_ARRAY", mode = EnumSource.Mode.EXCLUDE)
    void takesAResetBehindTheTerminalMarkerForASuccess(Tongue tongue) {
        rig.upstream("a", tongue.says(tongue.whole()).then(ScriptedCall::cut));
        tongue.ask(rig).start();

        assertThat(rig.record().error()).isNull();
        assertThat(rig.client.text()).isEqualTo(tongue.whole());
        assertThat(rig.client.ended()).isTrue();
    }

    @Test
    void takesAResetBehindOutputThatFollowsAFinishReasonForAFailure() {
        Tongue tongue = Tongue.GEMINI;
        rig.upstream(
                "a", tongue.says(tongue.closing.get(0), tongue.content.get(0)).then(ScriptedCall::cut));
        tongue.ask(rig).start();

        assertThat(rig.failure().category()).isEqualTo(Category.STREAM_TRUNCATED);
    }
}
