package io.penstock.dialect;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A stream that is cut anywhere, and what a client reads when a terminal frame is put there. */
class TerminalFrameTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String EVENTS =
            ": ping\n\nevent: a\ndata: {\"x\":\"é\"}\n\ndata: 1\ndata: 2\n\nid: 3\ndata:4\n\n";
    private static final String ARRAY = "[{\"a\":\"]}\\\"[\",\"b\":[1,{}]}\n,\r\n{\"a\":{}} , {}\n]\n";

    private static TerminalFrame frame(Operation operation, boolean streaming, @Nullable String type) {
        return new TerminalFrame(Dialect.OPENAI, operation, streaming, type);
    }

    private static byte[] ended(TerminalFrame frame, byte[] sent, int length) {
        frame.follow(sent, 0, length);
        byte[] words = frame.render(502, "stream_truncated", "Penstock: cut", 7);
        byte[] all = new byte[length + words.length];
        System.arraycopy(sent, 0, all, 0, length);
        System.arraycopy(words, 0, all, length, words.length);
        return all;
    }

    private static List<String> events(byte[] stream) {
        List<String> events = new ArrayList<>();
        SseParser parser = new SseParser();
        parser.feed(stream, 0, stream.length, event -> events.add(event.name() + "|" + event.text()));
        assertThat(parser.end()).as("cut off at the end").isNull();
        return events;
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r\n", "\r"})
    void isReadAsAnEventOfItsOwnWhereverTheStreamIsCut(String lineEnd) {
        byte[] stream = EVENTS.replace("\n", lineEnd).getBytes(UTF_8);
        for (int cut = 0; cut <= stream.length; cut++) {
            byte[] all = ended(frame(Operation.CHAT_COMPLETIONS, true, "text/event-stream"), stream, cut);

            List<String> events = events(all);

            assertThat(events.get(events.size() - 1))
                    .as("cut at %d", cut)
                    .isEqualTo(
                            "null|{\"error\":{\"message\":\"Penstock: cut\",\"type\":\"server_error\",\"param\":null,"
                                    + "\"code\":\"stream_truncated\"}}");
        }
    }

    @Test
    void addsNothingBeforeItselfBetweenTwoEvents() {
        TerminalFrame frame = frame(Operation.CHAT_COMPLETIONS, true, "text/event-stream");
        byte[] sent = "data: 1\r\n\r\n".getBytes(UTF_8);
        for (byte one : sent) {
            frame.follow(new byte[] {one}, 0, 1);
        }

        assertThat(new String(frame.render(502, "c", "m", 0), UTF_8)).startsWith("data: {\"error\"");
    }

    @Test
    void closesAnArrayBetweenItsElementsAndIsSilentInsideThem() throws IOException {
        byte[] stream = ARRAY.getBytes(UTF_8);
        int spoken = 0;
        for (int cut = 0; cut <= stream.length; cut++) {
            byte[] all = ended(frame(Operation.GENERATE_CONTENT, true, "application/json"), stream, cut);
            if (all.length == cut) {
                continue;
            }
            spoken++;
            JsonNode array = JSON.readTree(all);
            assertThat(array.isArray()).isTrue();
            assertThat(array.get(array.size() - 1).path("error").path("status").asText())
                    .as("cut at %d", cut)
                    .isEqualTo("INTERNAL");
        }
        // Behind "[", behind an element or a comma, and behind the white space that follows them.
        assertThat(spoken).isEqualTo(12);
    }

    @Test
    void startsALineOfItsOwn() {
        byte[] stream = "{\"a\":1}\n{\"b\"".getBytes(UTF_8);
        for (int cut = 0; cut <= stream.length; cut++) {
            String all = new String(ended(frame(Operation.OTHER, true, "application/x-ndjson"), stream, cut), UTF_8);
            String lastLine = all.lines().reduce("", (before, line) -> line);

            assertThat(all).endsWith("}\n");
            assertThat(lastLine).startsWith("{\"error\":{\"message\":\"Penstock: cut\"");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "application/json, false, '{\"a\":'",
        "application/json, true, '{\"a\":'",
        "audio/mpeg, true, 'data: '",
        "text/html, true, '<html>'",
        "text/plain, false, '[1,'",
        "text/plain, true, ' '"
    })
    void isSilentWhereNoFrameCanStand(String type, boolean streaming, String sent) {
        TerminalFrame frame = frame(Operation.CHAT_COMPLETIONS, streaming, type);
        frame.follow(sent.getBytes(UTF_8), 0, sent.length());

        assertThat(frame.render(502, "c", "m", 0)).isEmpty();
    }

    @Test
    void namesItsEventWhereTheApiNamesEvents() {
        assertThat(words(Operation.MESSAGES))
                .isEqualTo(
                        "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"api_error\",\"message\":\"m\"}}\n\n");
        assertThat(words(Operation.RESPONSES))
                .startsWith("event: error\ndata: {\"type\":\"error\",\"code\":\"c\",\"message\":\"m\",\"param\":null,"
                        + "\"sequence_number\":7,\"error\":{");
        assertThat(words(Operation.GENERATE_CONTENT))
                .isEqualTo("data: {\"error\":{\"code\":502,\"message\":\"m\",\"status\":\"INTERNAL\"}}\n\n");
    }

    private static String words(Operation operation) {
        return new String(frame(operation, true, "text/event-stream").render(502, "c", "m", 7), UTF_8);
    }
}
