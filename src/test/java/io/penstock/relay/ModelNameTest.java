package io.penstock.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.dialect.RequestHead.Span;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelNameTest {

    @Test
    void changesTheSpansAndNoOtherByte() {
        String body = "{\"model\":\"a\",\"x\":\"a\",\"model\": \"a\"}";
        List<Span> spans = List.of(new Span(9, 12), new Span(30, 33));
        assertThat(ModelName.inBody(Buffer.buffer(body), spans, "longer").toString())
                .isEqualTo("{\"model\":\"longer\",\"x\":\"a\",\"model\": \"longer\"}");
    }

    @Test
    void leavesABodyThatNamesNoModelAsItIs() {
        Buffer body = Buffer.buffer(new byte[] {0, (byte) 0xff, 10});
        assertThat(ModelName.inBody(body, List.of(), "x")).isEqualTo(body);
    }

    @Test
    void escapesWhatJsonMustNotHoldInAString() {
        Buffer body = Buffer.buffer("{\"model\":\"a\"}");
        assertThat(ModelName.inBody(body, List.of(new Span(9, 12)), "q\"\\é").toString())
                .isEqualTo("{\"model\":\"q\\\"\\\\é\"}");
    }

    @ParameterizedTest
    @CsvSource({
        "/v1beta/models/a:generateContent, /v1beta/models/b:generateContent",
        "/v1beta/models/a:streamGenerateContent?alt=sse, /v1beta/models/b:streamGenerateContent?alt=sse",
        "/v1/models/a, /v1/models/b",
        "/v1/models/a?x=y, /v1/models/b?x=y",
        "/v1/models/ab:generateContent, /v1/models/ab:generateContent",
        "/v1/a:generateContent, /v1/a:generateContent"
    })
    void changesAWholeNameInAPathOnly(String path, String changed) {
        assertThat(ModelName.inPath(path, "a", "b")).isEqualTo(changed);
    }
}
