package io.penstock.classify;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CapturedReaderTest {

    private static CapturedReader.Reading read(String json) throws JsonProcessingException {
        return CapturedReader.read(new ObjectMapper().readTree(json));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            `[]`                                                    | `` | expected a JSON object
            `{"status":429}`                                        | dialect | is missing, expected one of openai
            `{"dialect":"nope","status":429}`                       | dialect | is not a known dialect
            `{"dialect":"openai"}`                                  | status | is missing: give the HTTP status, or a failure
            `{"dialect":"openai","status":"429"}`                   | status | a whole number from 100 to 599
            `{"dialect":"openai","status":99}`                      | status | a whole number from 100 to 599
            `{"dialect":"openai","status":429,"headers":[]}`        | headers | an object of names and values
            `{"dialect":"openai","status":429,"headers":{"a":{}}}`  | headers.a | expected text
            `{"dialect":"openai","status":429,"body":{"error":1}}`  | body | put the JSON in a string
            `{"dialect":"openai","status":429,"body":1}`            | body | expected text
            `{"dialect":"openai","status":429,"stream":"yes"}`      | stream | expected true or false
            `{"dialect":"openai","status":429,"committed":1}`       | committed | expected true or false
            `{"dialect":"openai","status":429,"model":1}`           | model | expected text or null
            `{"dialect":"openai","failure":"meteor"}`               | failure | expected one of connect_refused
            `{"dialect":"openai","status":429,"bodi":""}`           | bodi | is not a field here
            """)
    void aWrongFieldIsNamed(String json, String field, String words) throws JsonProcessingException {
        assertThat(read(json))
                .isInstanceOfSatisfying(CapturedReader.Reading.Bad.class, bad -> assertThat(bad.problems())
                        .anySatisfy(problem -> {
                            assertThat(problem.field()).isEqualTo(field);
                            assertThat(problem.detail()).contains(words);
                        }));
    }

    @Test
    void everyWrongFieldIsNamedAtOnce() throws JsonProcessingException {
        assertThat(read("{\"dialect\":1,\"status\":1,\"body\":1}"))
                .isInstanceOfSatisfying(CapturedReader.Reading.Bad.class, bad -> assertThat(bad.problems())
                        .extracting(CapturedReader.Problem::field)
                        .containsExactly("dialect", "status", "body"));
    }

    @Test
    void aFailureNeedsNoStatus() throws JsonProcessingException {
        assertThat(read("{\"dialect\":\"openai\",\"status\":0,\"failure\":\"dns\"}"))
                .isInstanceOf(CapturedReader.Reading.Good.class);
    }
}
