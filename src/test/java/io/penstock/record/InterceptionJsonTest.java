package io.penstock.record;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.penstock.classify.Category;
import io.penstock.classify.Phase;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class InterceptionJsonTest {
    private final InterceptionJson json = new InterceptionJson(new PodIdentity("web-1", "shop"));

    @Test
    void failedInterceptionHasEveryField() throws JsonProcessingException {
        Interception interception = Sample.interception(1)
                .session("s-1")
                .attempt("primary", "first", Category.OVERLOADED, 529)
                .attempt("azure", "failover", Category.SERVICE_ERROR, 500)
                .skips("west", SkippedUpstream.Why.CIRCUIT_OPEN, "network_error")
                .failed(Category.SERVICE_ERROR, Phase.PRE_COMMIT, "it \"broke\"")
                .build();

        assertThat(new ObjectMapper().readTree(json.of(interception).toString()))
                .isEqualTo(new ObjectMapper().readTree("""
                {"id":"01950000-0001-7000-8000-000000000001","thread_id":"thread-1","session_id":"s-1",
                 "started_at":"2026-03-01T10:00:01.123Z","ended_at":"2026-03-01T10:00:02.623Z",
                 "duration_ms":1500,"time_to_first_content_ms":null,"overhead_ms":0.412,
                 "route":"openai","dialect":"openai","operation":"chat_completions",
                 "model_requested":"gpt-5","model_served":"gpt-5-2026","streaming":false,"client":"openai-python",
                 "outcome":"error","http_status":503,"committed":false,
                 "error_type":"server_error","error_category":"service_error","fault":"provider","phase":"pre_commit",
                 "error_message":"it \\"broke\\"","provider_code":"server_error","rule":null,
                 "upstream":"azure","attempts":[
                  {"upstream":"primary","key_hint":null,"status":529,"category":"overloaded","error_type":"overloaded",
                   "evidence":"status:status=529","rule":null,"shadow_rules":[],"reason":"first","wait_ms":0,"duration_ms":40},
                  {"upstream":"azure","key_hint":null,"status":500,"category":"service_error","error_type":"server_error",
                   "evidence":"status:status=500","rule":null,"shadow_rules":[],"reason":"failover","wait_ms":250,"duration_ms":40}],
                 "skipped":[{"upstream":"west","why":"circuit_open","cause":"network_error"}],
                 "input_tokens":null,"output_tokens":null,"cached_tokens":null,"reasoning_tokens":null,
                 "request_bytes":321,"response_bytes":654,"frames":0,"finish_reason":null,
                 "policy_version":"built-in","rules_version":"0123456789ab","pod":{"name":"web-1","namespace":"shop"}}"""));
    }

    @Test
    void successHasNoErrorAndAnUnknownPodIsNull() {
        ObjectNode success = new InterceptionJson(PodIdentity.of(Map.of()))
                .of(Sample.interception(1).usage(12, 34).build());

        assertThat(success.get("error_type").isNull()).isTrue();
        assertThat(success.get("phase").isNull()).isTrue();
        assertThat(success.get("pod").isNull()).isTrue();
        assertThat(success.get("input_tokens").longValue()).isEqualTo(12);
        assertThat(success.get("time_to_first_content_ms").intValue()).isEqualTo(420);
    }

    @Test
    void podIsNamedByTheDownwardApiBeforeTheHostName() {
        assertThat(PodIdentity.of(Map.of("POD_NAME", "web-1", "HOSTNAME", "node-7", "POD_NAMESPACE", "shop")))
                .isEqualTo(new PodIdentity("web-1", "shop"));
        assertThat(PodIdentity.of(Map.of("HOSTNAME", "web-1", "POD_NAMESPACE", " ")))
                .isEqualTo(new PodIdentity("web-1", null));
        assertThat(PodIdentity.of(Map.of()).known()).isFalse();
    }

    @Test
    void durationsKeepMicroseconds() {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        InterceptionJson.putMillis(node, "whole", Duration.ofMinutes(10));
        InterceptionJson.putMillis(node, "part", Duration.ofNanos(1_234_567));
        InterceptionJson.putMillis(node, "none", null);

        assertThat(node).hasToString("{\"whole\":600000,\"part\":1.235,\"none\":null}");
    }
}
