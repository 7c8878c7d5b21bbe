package io.penstock.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.classify.Category;
import io.penstock.classify.Phase;
import io.penstock.record.Interception;
import io.penstock.record.Sample;
import io.penstock.record.SampleJson;
import io.penstock.record.SkippedUpstream;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class InterceptionLogTest {
    private static final Logger LOGGER = Logger.getLogger("io.penstock.interception");

    private final InterceptionLog log = new InterceptionLog(SampleJson.inPod("web-1"));
    private final List<LogRecord> written = new ArrayList<>();
    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord entry) {
            written.add(entry);
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    @BeforeEach
    void listen() {
        LOGGER.addHandler(handler);
    }

    @AfterEach
    void stopListening() {
        LOGGER.removeHandler(handler);
    }

    @Test
    void lineHasTheFieldsOfTheRecord() {
        Interception interception = Sample.interception(1)
                .attempt("primary", "first", Category.OVERLOADED, 529)
                .attempt("azure", "failover", Category.SERVICE_ERROR, 500)
                .skips("west", SkippedUpstream.Why.CIRCUIT_OPEN, "network_error")
                .failed(Category.SERVICE_ERROR, Phase.PRE_COMMIT, "it broke\nlevel=INFO")
                .build();

        assertThat(log.line(interception))
                .isEqualTo("id=01950000-0001-7000-8000-000000000001 thread_id=thread-1"
                        + " started_at=2026-03-01T10:00:01.123Z ended_at=2026-03-01T10:00:02.623Z duration_ms=1500"
                        + " overhead_ms=0.412 route=openai dialect=openai operation=chat_completions"
                        + " model_requested=gpt-5 model_served=gpt-5-2026 streaming=false client=openai-python"
                        + " outcome=error http_status=503 committed=false error_type=server_error"
                        + " error_category=service_error fault=provider phase=pre_commit"
                        + " error_message=\"it broke\\nlevel=INFO\" provider_code=server_error upstream=azure"
                        + " request_bytes=321 response_bytes=654 frames=0 policy_version=built-in rules_version=0123456789ab attempts=2"
                        + " tried=primary/overloaded,azure/service_error skipped=west/circuit_open");
    }

    @Test
    void errorsAreWarningsAndTheRestIsInformation() {
        log.ended(Sample.interception(1).build());
        log.ended(Sample.interception(2).canceled().build());
        log.ended(Sample.interception(3)
                .failed(Category.NO_UPSTREAM, Phase.GATEWAY, "100 %s none")
                .build());

        assertThat(written)
                .extracting(entry -> entry.getLevel().intValue())
                .containsExactly(Level.INFO.intValue(), Level.INFO.intValue(), Level.WARNING.intValue());
        assertThat(written.get(2).getMessage()).contains("error_message=\"100 %s none\"");
    }
}
