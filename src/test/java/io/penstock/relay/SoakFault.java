package io.penstock.relay;

import io.netty.channel.ConnectTimeoutException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.BiFunction;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;

/** Everything that an upstream does wrong in a soak, as steps that are played one after the other. */
enum SoakFault {
    REFUSED(failing(new ConnectException("refused"))),
    DNS(failing(new UnknownHostException("nowhere"))),
    TLS(failing(new SSLHandshakeException("no"))),
    CONNECT_TIMEOUT(failing(new ConnectTimeoutException("late"))),
    RESET((tongue, random) -> steps(ScriptedCall::cut)),
    HANG((tongue, random) -> steps()),
    CALLER_400(error(400, Wire.BAD_PARAMETER)),
    CONTEXT_400(error(400, Wire.CONTEXT_TOO_LONG)),
    BAD_KEY_401(error(401, Wire.BAD_KEY)),
    NO_MONEY_402(error(402, Wire.NO_MONEY)),
    FORBIDDEN_403(error(403, Wire.error("forbidden", "forbidden", "No."))),
    NO_MODEL_404(error(404, Wire.NO_SUCH_MODEL)),
    TIMEOUT_408(error(408, "")),
    TOO_LARGE_413(error(413, "")),
    RATE_LIMITED(error(429, Wire.RATE_LIMITED, "retry-after-ms", "300")),
    RATE_LIMITED_LONG(error(429, Wire.RATE_LIMITED, "retry-after", "21")),
    QUOTA_429(error(429, Wire.NO_MONEY)),
    BROKEN_500(error(500, Wire.BROKEN)),
    BAD_GATEWAY_502(error(502, "<html>bad gateway</html>")),
    OVERLOADED_503(error(503, Wire.OVERLOADED)),
    GATEWAY_TIMEOUT_504(error(504, "")),
    OVERLOADED_529(error(529, Wire.OVERLOADED)),
    ERROR_CUT((tongue, random) -> steps(
            call -> call.head(500, "content-type", "application/json"),
            call -> call.chunk("{\"err"),
            ScriptedCall::cut)),
    ERROR_HANGS((tongue, random) ->
            steps(call -> call.head(500, "content-type", "application/json"), call -> call.chunk("{\"err"))),
    HUGE_ERROR((tongue, random) -> steps(
            call -> call.head(400, "content-type", "application/json"),
            call -> call.chunk("x".repeat(300_000)),
            ScriptedCall::end)),
    WEB_PAGE((tongue, random) -> steps(
            call -> call.head(200, "content-type", "text/html"), call -> call.chunk("<html>"), ScriptedCall::end)),
    EMPTY((tongue, random) -> steps(call -> call.head(200, "content-type", tongue.contentType), ScriptedCall::end)),
    OVERLOADED_BEFORE_CONTENT(
            (tongue, random) -> stream(tongue, List.of(tongue.begun(), tongue.overloaded), ScriptedCall::end)),
    OVERLOADED_AFTER_CONTENT((tongue, random) ->
            stream(tongue, List.of(tongue.begun(), tongue.content.get(0), tongue.overloaded), ScriptedCall::end)),
    PINGS_ONLY((tongue, random) -> stream(tongue, List.of(tongue.begun(), ": ping\n\n", ": ping\n\n"), null)),
    CUT_BEFORE_CONTENT((tongue, random) -> stream(tongue, List.of(tongue.begun()), ScriptedCall::cut)),
    CUT_ANYWHERE((tongue, random) -> {
        String whole = tongue.whole();
        return stream(tongue, List.of(whole.substring(0, random.nextInt(whole.length()))), ScriptedCall::cut);
    }),
    NO_MARKER((tongue, random) -> stream(tongue, List.of(tongue.begun() + tongue.content.get(0)), ScriptedCall::end)),
    FALLS_SILENT((tongue, random) -> stream(tongue, List.of(tongue.begun() + tongue.content.get(0)), null)),
    GARBAGE_GZIP((tongue, random) -> steps(
            call -> call.head(200, "content-type", tongue.contentType, "content-encoding", "gzip"),
            call -> call.chunk(tongue.whole()),
            ScriptedCall::end)),
    ONE_BYTE_AT_A_TIME((tongue, random) ->
            stream(tongue, tongue.whole().chars().mapToObj(Character::toString).toList(), ScriptedCall::end)),
    REDIRECT(error(302, ""));

    /** A part of what a call gets to see. */
    @FunctionalInterface
    interface Step {
        void play(ScriptedCall call);
    }

    private final BiFunction<Tongue, Random, List<Step>> part;

    SoakFault(BiFunction<Tongue, Random, List<Step>> part) {
        this.part = part;
    }

    List<Step> steps(Tongue tongue, Random random) {
        return part.apply(tongue, random);
    }

    /** What an upstream does that is well. */
    static List<Step> none(Tongue tongue) {
        return stream(tongue, tongue.frames(), ScriptedCall::end);
    }

    private static List<Step> steps(Step... steps) {
        return List.of(steps);
    }

    private static List<Step> stream(Tongue tongue, List<String> pieces, @Nullable Step end) {
        List<Step> steps = new ArrayList<>();
        steps.add(call -> call.head(200, "content-type", tongue.contentType));
        pieces.forEach(piece -> steps.add(call -> call.chunk(piece)));
        if (end != null) {
            steps.add(end);
        }
        return steps;
    }

    private static BiFunction<Tongue, Random, List<Step>> failing(Exception cause) {
        return (tongue, random) -> steps(call -> call.fail(cause));
    }

    private static BiFunction<Tongue, Random, List<Step>> error(int status, String body, String... headers) {
        String[] all = new String[headers.length + 2];
        all[0] = "content-type";
        all[1] = "application/json";
        System.arraycopy(headers, 0, all, 2, headers.length);
        return (tongue, random) -> steps(call -> call.head(status, all), call -> call.chunk(body), ScriptedCall::end);
    }
}
