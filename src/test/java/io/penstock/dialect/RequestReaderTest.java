package io.penstock.dialect;

import static io.penstock.dialect.Dialect.ANTHROPIC;
import static io.penstock.dialect.Dialect.GEMINI;
import static io.penstock.dialect.Dialect.OPENAI;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.dialect.RequestReading.Malformed;
import io.penstock.dialect.RequestReading.Read;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestReaderTest {
    private static final String CHAT = "/v1/chat/completions";

    @Test
    void readsModelAndStreamOfAChatRequest() {
        RequestHead head = chat("{\"stream\": true, \"messages\":[{\"model\":\"no\"}], \"model\": \"gpt-5\"}");

        assertThat(head.operation()).isEqualTo(Operation.CHAT_COMPLETIONS);
        assertThat(head.model()).isEqualTo("gpt-5");
        assertThat(head.streaming()).isTrue();
        assertThat(head.sessionId()).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"model\":\"gpt-5\",\"messages\":[]}",
                "{\"messages\":[{\"content\":\"é😀漢\"}], \"model\" :\n  \"gpt-5\"}",
                "\uFEFF{\"a\":\"é\",\"model\":\"gpt-5\"}",
                "  {\"model\":\"gpt-5\"}\n",
                "{\"model\":\"g\\u0070t-5\"}"
            })
    void saysWhereTheModelStands(String body) {
        RequestHead head = chat(body);

        assertThat(head.model()).isEqualTo("gpt-5");
        assertThat(spans(head, body)).allMatch(span -> span.equals("\"gpt-5\"") || span.equals("\"g\\u0070t-5\""));
        assertThat(head.modelSpans()).hasSize(1);
    }

    @Test
    void notesEveryPlaceWhereTheModelIsNamedAndGoesByTheLast() {
        String body = "{\"model\":\"a\",\"x\":{\"model\":\"no\"},\"model\":\"bc\"}";

        RequestHead head = chat(body);

        assertThat(head.model()).isEqualTo("bc");
        assertThat(spans(head, body)).containsExactly("\"a\"", "\"bc\"");
    }

    @Test
    void findsTheModelBehindAVeryLongPrompt() {
        String body = "{\"messages\":[{\"content\":\"" + "x".repeat(30_000_000) + "\"}],\"model\":\"gpt-5\"}";

        RequestHead head = chat(body);

        assertThat(spans(head, body)).containsExactly("\"gpt-5\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{}", "{\"model\":null}", "{\"model\":5}", "{\"model\":{\"model\":\"x\"}}", "{\"model\":[\"x\"]}"
            })
    void knowsNoModelWhereNoneIsNamed(String body) {
        RequestHead head = chat(body);

        assertThat(head.model()).isNull();
        assertThat(head.modelSpans()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"false", "null", "\"true\"", "1", "{\"stream\":true}", "[true]"})
    void streamsOnlyOnTrue(String value) {
        assertThat(chat("{\"stream\":" + value + ",\"model\":\"m\"}").streaming())
                .isFalse();
    }

    @Test
    void takesModelAndStreamOfGeminiFromThePath() {
        RequestReading reading = RequestReader.read(
                GEMINI,
                "POST",
                "/v1beta/models/gemini-2.5-pro:streamGenerateContent",
                "application/json",
                bytes("{\"model\":\"models/other\",\"contents\":[]}"));

        assertThat(reading)
                .isEqualTo(
                        new Read(new RequestHead(Operation.GENERATE_CONTENT, "gemini-2.5-pro", List.of(), true, null)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"metadata\":{\"user_id\":\"user_1a_account_2b_session_0f1e-3d\"}} | 0f1e-3d",
                "{\"metadata\":{\"user_id\":\"{\\\"device_id\\\":\\\"d\\\",\\\"session_id\\\":\\\"s-1\\\"}\"}} | s-1",
                "{\"metadata\":{\"user_id\":\"{broken\"}} | ",
                "{\"metadata\":{\"user_id\":\"alice\"}} | ",
                "{\"metadata\":{\"user_id\":\"x_session_\"}} | ",
                "{\"metadata\":{\"user_id\":7}} | ",
                "{\"metadata\":{\"a\":{\"session_id\":\"no\"},\"session_id\":\"s-2\"}} | s-2",
                "{\"metadata\":null,\"session_id\":\"s-3\"} | s-3",
                "{\"session_id\":\"low\",\"metadata\":{\"session_id\":\"high\"}} | high",
                "{\"session_id\":\"with space\"} | ",
                "{\"session_id\":{\"session_id\":\"no\"}} | ",
                "{\"conversation\":\"conv_1\"} | conv_1",
                "{\"conversation\":{\"x\":[{}],\"id\":\"conv_2\"}} | conv_2",
                "{\"prompt_cache_key\":\"0199f0a2-7c1e-7b1d-9c55-0123456789ab\"} | 0199f0a2-7c1e-7b1d-9c55-0123456789ab",
                "{\"prompt_cache_key\":\"my-app\"} | ",
            })
    void findsTheSessionInTheFieldsThatClientsUse(String body, @Nullable String session) {
        assertThat(chat(body).sessionId()).isEqualTo(session);
    }

    @Test
    void ignoresASessionThatIsNoId() {
        assertThat(chat("{\"session_id\":\"" + "x".repeat(2_000) + "\"}").sessionId())
                .isNull();
        assertThat(chat("{\"metadata\":{\"user_id\":\"x_session_" + "x".repeat(2_000) + "\"}}")
                        .sessionId())
                .isNull();
        assertThat(chat("{\"session_id\":\"a\\nb\"}").sessionId()).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | empty",
                "'  ' | empty",
                "[] | not a JSON object",
                "\"hunter2\" | not a JSON object",
                "hunter2 | line 1",
                "{\"model\":\"hunter2\" | line 1",
                "{\"model\":\"hunter2 | line 1",
                "{\"model\":hunter2} | line 1",
                "{\"model\":\"m\"} hunter2 | line 1",
                "{\"model\":\"m\"}{} | line 1, column 14",
                "{\"model\":\"m\",} | line 1",
                "{'model':'hunter2'} | line 1",
                "{\"model\":\"hunter2\\x\"} | line 1",
            })
    void saysWhereABodyBreaksWithoutQuotingIt(String body, String part) {
        RequestReading reading = RequestReader.read(OPENAI, "POST", CHAT, "application/json", bytes(body));

        assertThat(reading).isInstanceOfSatisfying(Malformed.class, malformed -> {
            assertThat(malformed.message()).contains(part).doesNotContain("hunter2");
            assertThat(malformed.head().operation()).isEqualTo(Operation.CHAT_COMPLETIONS);
        });
    }

    @Test
    void countsLinesAndColumns() {
        RequestReading reading =
                RequestReader.read(OPENAI, "POST", CHAT, null, bytes("{\n  \"model\": \"m\",\n  oops\n}"));

        assertThat(reading).isInstanceOfSatisfying(Malformed.class, malformed -> assertThat(malformed.message())
                .contains("line 3, column"));
    }

    @Test
    void keepsWhatItKnowsOfAMalformedBody() {
        RequestReading reading = RequestReader.read(
                OPENAI, "POST", CHAT, null, bytes("{\"model\":\"gpt-5\",\"stream\":true,\"messages\":["));

        assertThat(reading).isInstanceOf(Malformed.class);
        assertThat(reading.head().model()).isEqualTo("gpt-5");
        assertThat(reading.head().streaming()).isTrue();
    }

    @Test
    void boundsNestingAndRepeatedModels() {
        String deep = "{\"a\":" + "[".repeat(100_000) + "]".repeat(100_000) + "}";
        String many = "{" + "\"model\":\"m\",".repeat(100_000) + "\"a\":1}";

        assertThat(read(deep)).isInstanceOfSatisfying(Malformed.class, malformed -> assertThat(malformed.message())
                .contains("levels of nesting"));
        assertThat(read(many)).isInstanceOfSatisfying(Malformed.class, malformed -> assertThat(
                        malformed.head().modelSpans())
                .hasSizeLessThan(20));
        assertThat(read("{\"a\":" + "[".repeat(900) + "]".repeat(900) + "}")).isInstanceOf(Read.class);
    }

    @Test
    void refusesWhatIsNotUtf8() {
        byte[] wide = "{\"model\":\"m\"}".getBytes(UTF_16LE);
        byte[] broken = {'{', '"', 'a', '"', ':', '"', (byte) 0xC3, '"', '}'};

        assertThat(RequestReader.read(OPENAI, "POST", CHAT, null, wide)).isInstanceOf(Malformed.class);
        assertThat(RequestReader.read(OPENAI, "POST", CHAT, null, broken)).isInstanceOf(Malformed.class);
    }

    @Test
    void leavesBodiesAloneThatItNeedNotKnow() {
        byte[] noJson = bytes("--boundary");

        assertThat(RequestReader.read(OPENAI, "POST", "/v1/files", "application/json", noJson))
                .isEqualTo(new Read(new RequestHead(Operation.OTHER, null, List.of(), false, null)));
        assertThat(RequestReader.read(OPENAI, "POST", "/v1/audio/transcriptions", "multipart/form-data", noJson))
                .isInstanceOf(Read.class);
        assertThat(RequestReader.read(OPENAI, "GET", "/v1/models", null, new byte[0]))
                .isEqualTo(new Read(new RequestHead(Operation.MODELS, null, List.of(), false, null)));
        assertThat(RequestReader.read(OPENAI, "POST", "/v1/responses/resp_1/cancel", null, new byte[0]))
                .isInstanceOf(Read.class);
        assertThat(RequestReader.read(ANTHROPIC, "POST", "/v1/messages/..%2f", "application/json", noJson))
                .isInstanceOf(Read.class);
    }

    @Test
    void readsOtherInferenceCallsThatCarryJson() {
        RequestReading images = RequestReader.read(
                OPENAI, "POST", "/v1/images/generations", "application/json", bytes("{\"model\":\"gpt-image-1\"}"));

        assertThat(images.head().operation()).isEqualTo(Operation.OTHER);
        assertThat(images.head().model()).isEqualTo("gpt-image-1");
        assertThat(RequestReader.read(OPENAI, "POST", "/v1/images/generations", "application/json", bytes("{")))
                .isInstanceOf(Malformed.class);
    }

    @Test
    void readsThePathAloneWhereTheBodyCannotBeRead() {
        assertThat(RequestReader.readPath(ANTHROPIC, "POST", "/messages"))
                .isEqualTo(new RequestHead(Operation.MESSAGES, null, List.of(), false, null));
    }

    @Property
    void neverThrows(@ForAll byte[] body) {
        assertThat(RequestReader.read(OPENAI, "POST", CHAT, null, body).head().operation())
                .isEqualTo(Operation.CHAT_COMPLETIONS);
    }

    @Property
    void spansAlwaysHoldTheModelsString(@ForAll String before, @ForAll String name) {
        String body = "{\"user\":" + quoted(before) + ",\"model\":" + quoted(name) + "}";

        RequestHead head = chat(body);

        assertThat(spans(head, body)).containsExactly(quoted(name));
    }

    private static String quoted(String text) {
        StringBuilder json = new StringBuilder("\"");
        text.chars().forEach(c -> {
            boolean plain = c >= ' ' && c != '"' && c != '\\' && !Character.isSurrogate((char) c);
            json.append(plain ? String.valueOf((char) c) : String.format("\\u%04x", c));
        });
        return json.append('"').toString();
    }

    private static List<String> spans(RequestHead head, String body) {
        byte[] bytes = bytes(body);
        return head.modelSpans().stream()
                .map(span -> new String(bytes, span.start(), span.end() - span.start(), UTF_8))
                .toList();
    }

    private static RequestHead chat(String body) {
        RequestReading reading = read(body);
        assertThat(reading).isInstanceOf(Read.class);
        return reading.head();
    }

    private static RequestReading read(String body) {
        return RequestReader.read(OPENAI, "POST", CHAT, "application/json", bytes(body));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }
}
