package io.penstock.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.simulator.Voice;
import io.penstock.wire.NpmSdks.Got;
import io.penstock.wire.NpmSdks.Thrown;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the npm SDKs make of good answers, which are whole, and of streams that cannot be finished: an exception, and never half
 * an answer that looks whole.
 */
class NpmSdkStreamsIT extends WithNpmSdks {
    /** The error of responses that is not a failed response: OpenAI's service sends its fields in {@code error}. */
    private static final String ERROR_EVENT = """
            event: error
            data: {"type":"error","sequence_number":4,\
            "error":{"type":"server_error","code":"server_error","message":"Something broke over there."}}

            """;

    static Stream<Arguments> shortStreams() {
        return with(
                streams(),
                new Deed("cut", voice -> voice.cutMidStream("The gate ", "is ")),
                new Deed("ends without its marker", voice -> voice.endsWithoutMarker("The gate ", "is ")));
    }

    @ParameterizedTest
    @MethodSource("ways")
    void getsAWholeAnswer(Api api, String way) throws Exception {
        Got got = call(api, way);

        assertThat(got).isEqualTo(new Got(WHOLE, api.stop, null));
        assertThat(provider.exchanges()).hasSize(1);
    }

    @ParameterizedTest
    @MethodSource("shortStreams")
    void raisesAStreamThatIsShort(Api api, String way, Deed deed) throws Exception {
        provider.always(deed.how().apply(api.voice));

        Got got = call(api, way);

        Thrown error = raised(got, "APIError");
        assertThat(error.message()).contains("Penstock: ");
        assertThat(error.code()).isEqualTo(api.openAi() ? "stream_truncated" : null);
        assertThat(error.type()).isEqualTo(api.openAi() ? "server_error" : "api_error");
        assertThat(got.text()).isEqualTo(way.equals("final") ? "" : HALF);
        assertThat(provider.exchanges()).as("no replay after the first text").hasSize(1);
    }

    @ParameterizedTest
    @EnumSource
    void raisesAStreamThatFallsSilent(Api api) throws Exception {
        provider.always(exchange -> api.voice.opened(exchange).bytes(api.begun).hang());

        Got got = call(api, "events");

        Thrown error = raised(got, "APIError");
        assertThat(error.message()).contains("Penstock: ");
        assertThat(error.code()).isEqualTo(api.openAi() ? "idle_timeout" : null);
        assertThat(got.text()).isEqualTo(HALF);
        assertThat(provider.exchanges()).hasSize(1);
    }

    /** Which exception this is, is the SDK's affair: half a frame cannot be mended. */
    @ParameterizedTest
    @MethodSource("streams")
    void raisesAFrameThatIsCutInTwo(Api api, String way) throws Exception {
        provider.always(exchange -> api.voice
                .opened(exchange)
                .bytes(api.begun + "data: {\"type\":\"content_bl")
                .cut());

        Got got = call(api, way);

        assertThat(got.error()).as("%s", got).isNotNull();
        assertThat(got.stop()).isNull();
    }

    @ParameterizedTest
    @MethodSource("streams")
    void raisesTheErrorThatTheProviderTellsInTheStream(Api api, String way) throws Exception {
        provider.always(
                api == Api.RESPONSES
                        ? exchange -> api.voice
                                .opened(exchange)
                                .bytes(api.begun + ERROR_EVENT)
                                .end()
                        : api.voice.overloadedAfterContent("The gate ", "is "));

        Got got = call(api, way);

        Thrown error = raised(got, "APIError");
        assertThat(error.type())
                .isEqualTo(
                        switch (api) {
                            case CHAT -> "service_unavailable_error";
                            case RESPONSES -> "server_error";
                            case MESSAGES -> "overloaded_error";
                        });
        assertThat(error.message()).doesNotContain("Penstock: ");
        assertThat(got.text()).isEqualTo(way.equals("final") ? "" : HALF);
        assertThat(provider.exchanges()).hasSize(1);
    }

    /** OpenAI's SDK has no exception for this: the answer says itself that it failed. */
    @ParameterizedTest
    @ValueSource(strings = {"events", "helper", "final"})
    void handsOnAResponseThatSaysThatItFailed(String way) throws Exception {
        provider.always(Voice.openAiResponses().overloadedAfterContent("The gate ", "is "));

        Got got = call(Api.RESPONSES, way);

        assertThat(got).isEqualTo(new Got(way.equals("final") ? "" : HALF, "failed", null));
    }
}
