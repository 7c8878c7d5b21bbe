package io.penstock.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DemoRecordTest {
    private static final String FIRST =
            "{'upstream':'p','status':503,'category':'overloaded','reason':'first','wait_ms':0}";

    @Test
    void tellsOfRetryAndFailover() throws IOException {
        DemoRecord record = record("{'outcome':'success','error_category':null,'phase':null,'attempts':[" + FIRST
                + ",{'upstream':'p','category':'service_error','reason':'retry','wait_ms':84.512}"
                + ",{'upstream':'b','status':200,'category':null,'reason':'failover','wait_ms':0}]}");

        assertThat(record.story()).isEqualTo("retried after 85 ms, failed over to b");
        assertThat(record.failure()).isEqualTo("overloaded");
        assertThat(record.phase()).isNull();
    }

    @Test
    void namesTheFinalErrorBeforeThatOfAnAttempt() throws IOException {
        DemoRecord record = record(
                "{'outcome':'error','error_category':'rate_limit','phase':'pre_commit','attempts':[" + FIRST + "]}");

        assertThat(record.failure()).isEqualTo("rate_limit");
        assertThat(record.story()).isEqualTo("returned it at once");
    }

    @Test
    void tellsOfKeysAndOfUpstreamsThatWereNotAsked() throws IOException {
        assertThat(record("{'outcome':'success','attempts':[" + FIRST
                                + ",{'upstream':'p','category':null,'reason':'rotate_key','wait_ms':0}]}")
                        .story())
                .isEqualTo("took the next key");
        assertThat(record("{'outcome':'success','attempts':[{'upstream':'b','reason':'failover'}]}")
                        .story())
                .isEqualTo("went straight to b");
    }

    @Test
    void tellsOfAFailureAfterTheCommit() throws IOException {
        assertThat(record("{'outcome':'error','error_category':'stream_truncated','phase':'mid_stream','attempts':["
                                + FIRST + "]}")
                        .story())
                .isEqualTo("passed on, recorded");
    }

    @Test
    void tellsOfAnswersThatNeededNothingAndOfRequestsThatNeverLeft() throws IOException {
        assertThat(record("{'outcome':'success','attempts':[{'upstream':'p','reason':'first'}]}")
                        .story())
                .isEqualTo("relayed it");
        assertThat(record("{'outcome':'error','attempts':[]}").story()).isEqualTo("asked no upstream");
    }

    @ParameterizedTest
    @CsvSource({"0, 0 ms", "999, 999 ms", "1000, 1.0 s", "1099, 1.0 s", "12340, 12.3 s"})
    void writesDurationsForPeople(long millis, String words) {
        assertThat(DemoRecord.words(Duration.ofMillis(millis))).isEqualTo(words);
    }

    private static DemoRecord record(String json) throws IOException {
        return DemoRecord.of(new ObjectMapper().readTree(json.replace('\'', '"')));
    }
}
