package io.penstock.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.classify.Category;
import io.penstock.classify.Phase;
import io.penstock.record.Interception;
import io.penstock.record.Interception.Outcome;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

/** Error answers that are too long, too slow, packed or broken. */
class RelayLongErrorTest {
    private static final String LONG = Wire.CONTEXT_TOO_LONG.replace("Too long.", "Too long. ".repeat(40_000));

    private final Rig rig = new Rig();

    private static Script error(int status, String... chunks) {
        return call -> {
            call.head(status, "content-type", "application/json");
            for (String chunk : chunks) {
                call.chunk(chunk);
            }
        };
    }

    @Test
    void passesALongErrorOnWhole() {
        FakeUpstream a = rig.upstream("a", error(400, LONG.substring(0, 200_000)));
        rig.start();
        assertThat(rig.client.hasHead()).isFalse();
        a.call(0).chunk(LONG.substring(200_000, 300_000));
        assertThat(rig.client.text()).isEqualTo(LONG.substring(0, 300_000));
        a.call(0).chunk(LONG.substring(300_000)).end();
        Interception record = rig.record();
        assertThat(rig.client.status()).isEqualTo(400);
        assertThat(rig.client.text()).isEqualTo(LONG);
        assertThat(rig.client.ended()).isTrue();
        assertThat(rig.failure().category().type()).isEqualTo(Category.CONTEXT_LIMIT.type());
        assertThat(rig.client.header("x-penstock-category"))
                .isEqualTo(rig.failure().category().name());
        assertThat(rig.failure().phase()).isEqualTo(Phase.PRE_COMMIT);
        assertThat(record.responseBytes()).isEqualTo(LONG.length());
        assertThat(a.breaker.verdicts()).containsExactly("succeeded");
        assertThat(a.call(0).wasReset()).isFalse();
    }

    @Test
    void passesATricklingErrorOnAfterFiveSeconds() {
        String error = Wire.BAD_PARAMETER;
        FakeUpstream a = rig.upstream("a", error(400, error.substring(0, 20)));
        rig.start();
        rig.timers.advance(Duration.ofMillis(4_999));
        assertThat(rig.client.hasHead()).isFalse();
        rig.timers.advance(Duration.ofMillis(1));
        assertThat(rig.client.text()).isEqualTo(error.substring(0, 20));
        rig.timers.advance(Duration.ofSeconds(8));
        a.call(0).chunk(error.substring(20)).end();
        Interception record = rig.record();
        assertThat(rig.client.text()).isEqualTo(error);
        assertThat(record.outcome()).isEqualTo(Outcome.ERROR);
        assertThat(rig.failure().category()).isEqualTo(Category.INVALID_REQUEST);
        assertThat(record.responseBytes()).isEqualTo(error.length());
    }

    @Test
    void doesNotTakeTheRestOfALateErrorForALackOfContent() {
        String error = Wire.BAD_PARAMETER;
        FakeUpstream a = rig.upstream("a");
        rig.start();
        rig.timers.advance(Duration.ofSeconds(58));
        error(400, error.substring(0, 20)).play(a.call(0));
        rig.timers.advance(Duration.ofSeconds(10));
        assertThat(rig.client.wasReset()).isFalse();
        a.call(0).chunk(error.substring(20)).end();
        assertThat(rig.failure().category()).isEqualTo(Category.INVALID_REQUEST);
        assertThat(rig.client.text()).isEqualTo(error);
        assertThat(rig.client.ended()).isTrue();
    }

    @Test
    void failsOverWithoutReadingTheRestOfALongServerError() {
        FakeUpstream a = rig.upstream("a", new FakeUpstream.Settings().retries(0), error(500, "x".repeat(300_000)));
        FakeUpstream b = rig.upstream("b", Script.json(200, Wire.ANSWER));
        rig.start();
        assertThat(rig.record().outcome()).isEqualTo(Outcome.SUCCESS);
        assertThat(a.call(0).wasReset()).isTrue();
        assertThat(b.calls()).isEqualTo(1);
        assertThat(rig.client.text()).isEqualTo(Wire.ANSWER);
    }

    @Test
    void keepsTheCategoryWhenTheRestOfALongErrorBreaksOff() {
        FakeUpstream a = rig.upstream("a", error(400, LONG.substring(0, 300_000)));
        rig.start();
        a.call(0).cut();
        rig.record();
        assertThat(rig.failure().phase()).isEqualTo(Phase.PRE_COMMIT);
        assertThat(rig.failure().status()).isEqualTo(400);
        assertThat(rig.client.wasReset()).isTrue();
    }

    @Test
    void keepsTheErrorWhenTheApplicationLeavesWhileItIsPassedOn() {
        FakeUpstream a = rig.upstream("a", error(400, LONG.substring(0, 300_000)));
        rig.start();
        rig.clientGone();
        Interception record = rig.record();
        assertThat(record.outcome()).isEqualTo(Outcome.ERROR);
        assertThat(rig.failure().status()).isEqualTo(400);
        assertThat(a.call(0).wasReset()).isTrue();
        assertThat(a.breaker.verdicts()).containsExactly("succeeded");
    }

    @Test
    void answersAtOnceWhenAShortErrorBreaksOff() {
        FakeUpstream a = rig.upstream("a", error(400, "{\"error\":{\"mess"));
        rig.start();
        a.call(0).cut();
        rig.record();
        assertThat(rig.failure().category()).isEqualTo(Category.INVALID_REQUEST);
        assertThat(rig.client.status()).isEqualTo(400);
        assertThat(rig.client.text()).startsWith("{\"error\":{").contains("Penstock: ");
        assertThat(rig.client.ended()).isTrue();
    }

    @Test
    void judgesAPackedErrorUnpackedAndPassesItOnPacked() throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(Wire.CONTEXT_TOO_LONG.getBytes(StandardCharsets.UTF_8));
        }
        Buffer body = Buffer.buffer(packed.toByteArray());
        rig.upstream("a", call -> call.head(400, "content-type", "application/json", "content-encoding", "gzip")
                .chunk(body)
                .end());
        rig.start();
        assertThat(rig.failure().category()).isEqualTo(Category.CONTEXT_LIMIT);
        assertThat(rig.client.body()).isEqualTo(body);
        assertThat(rig.client.header("content-encoding")).isEqualTo("gzip");
    }
}
