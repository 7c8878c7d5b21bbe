package io.penstock.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Whatever comes, the reader neither throws nor exceeds its bounds. */
class ErrorBodyReaderPropertyTest {

    private static final String[] NAMES = {
        "error",
        "message",
        "code",
        "type",
        "status",
        "detail",
        "details",
        "metadata",
        "raw",
        "response",
        "choices",
        "errors",
        "object",
        "reason",
        "@type",
        "violations",
        "loc",
        "msg",
        "innererror",
        "promptFeedback",
        "x"
    };

    private static final String BODY = """
            {"type":"error","error":{"code":"rate_limit_exceeded","status":"RESOURCE_EXHAUSTED","message":"Zähl \\"bis\\" \\u0031 \\\\ 😀",\
            "details":[{"@type":"a.b.RetryInfo","reason":"SLOW","violations":[{"quotaId":"PerDay"}]}],\
            "metadata":{"raw":"{\\"error\\":{\\"code\\":502}}"}},"request_id":"req_1"}""";

    @Property
    void takesAnyBytes(@ForAll byte[] body, @ForAll boolean html) {
        withinBounds(ErrorBodyReader.read(body, html ? "text/html" : null));
        withinBounds(ErrorBodyReader.fromJson(body, 0, body.length));
    }

    @Property
    void takesAnyJson(@ForAll("json") JsonNode json) {
        byte[] body = json.toString().getBytes(StandardCharsets.UTF_8);
        withinBounds(ErrorBodyReader.read(body, "application/json"));
        ProviderError found = ErrorBodyReader.fromJson(body, 0, body.length);
        withinBounds(found);
        if (found != null) {
            assertThat(ErrorBodyReader.read(body, null)).isNotNull();
        }
    }

    @Property
    void takesJsonWithAByteChanged(@ForAll int at, @ForAll byte value) {
        byte[] body = BODY.getBytes(StandardCharsets.UTF_8);
        body[Math.floorMod(at, body.length)] = value;
        withinBounds(ErrorBodyReader.read(body, null));
    }

    @Test
    void losesNothingThatWasWholeBeforeACut() {
        byte[] body = BODY.getBytes(StandardCharsets.UTF_8);
        int codeWhole = BODY.indexOf("rate_limit_exceeded\"") + "rate_limit_exceeded".length();
        for (int length = 0; length <= body.length; length++) {
            ProviderError error = ErrorBodyReader.read(Arrays.copyOf(body, length), null);
            withinBounds(error);
            if (length >= codeWhole) {
                assertThat(error.code()).as("cut at %d", length).isEqualTo("rate_limit_exceeded");
            }
        }
    }

    @Provide
    Arbitrary<JsonNode> json() {
        Arbitrary<JsonNode> leaf = Arbitraries.oneOf(
                Arbitraries.strings().ofMaxLength(40).map(TextNode::valueOf),
                Arbitraries.of(NAMES).map(TextNode::valueOf),
                Arbitraries.integers().map(JsonNodeFactory.instance::numberNode),
                Arbitraries.of(true, false).map(JsonNodeFactory.instance::booleanNode),
                Arbitraries.just(JsonNodeFactory.instance.nullNode()));
        return Arbitraries.recursive(() -> leaf, ErrorBodyReaderPropertyTest::nested, 0, 5);
    }

    private static Arbitrary<JsonNode> nested(Arbitrary<JsonNode> inner) {
        Arbitrary<JsonNode> array = inner.list().ofMaxSize(3).map(items -> {
            var node = JsonNodeFactory.instance.arrayNode();
            items.forEach(node::add);
            return node;
        });
        Arbitrary<JsonNode> object = Arbitraries.maps(Arbitraries.of(NAMES), inner)
                .ofMaxSize(4)
                .map(members -> {
                    ObjectNode node = JsonNodeFactory.instance.objectNode();
                    members.forEach(node::set);
                    return node;
                });
        return Arbitraries.oneOf(array, object, inner);
    }

    private static void withinBounds(@Nullable ProviderError error) {
        if (error == null) {
            return;
        }
        assertThat(Stream.of(error.code(), error.type(), error.status(), error.param()))
                .allMatch(text -> text == null || text.length() <= 256);
        assertThat(error.reasons()).hasSizeLessThanOrEqualTo(32).allMatch(text -> text.length() <= 256);
        String message = error.message();
        assertThat(message == null ? 0 : message.length()).isLessThanOrEqualTo(16 * 1024);
    }
}
