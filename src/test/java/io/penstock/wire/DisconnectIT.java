package io.penstock.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.penstock.simulator.Ending;
import io.penstock.simulator.Exchange;
import io.penstock.simulator.Headers;
import io.penstock.simulator.Script;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What an application that leaves does to the provider, the record and the metrics. */
class DisconnectIT extends WithRig {
    private static final String CHAT = "/openai/v1/chat/completions";
    private static final String BODY = "{\"model\":\"gpt-5\",\"stream\":true,\"messages\":[]}";
    private static final Headers EVENT_STREAM = Headers.of("content-type", "text/event-stream");
    private static final String CONTENT = "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"word \"}}]}\n\n";
    private static final String FINISH =
            "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n";

    @Test
    void resetsTheUpstreamWhenTheClientLeavesMidStream() throws Exception {
        rig.provider().always(Script.begin().head(200, EVENT_STREAM).repeatForEver(CONTENT, Duration.ofMillis(20)));
        Metrics before = rig.metrics();
        RawClient client = rig.connect();
        RawHead head = client.post(CHAT, BODY).readHead();
        assertThat(head.status()).isEqualTo(200);
        assertThat(client.readChunk()).isNotEmpty();

        long left = System.nanoTime();
        client.close();

        assertAbandonedWithin(Duration.ofMillis(100), left);
        JsonNode recorded = rig.admin().record(head.header("x-penstock-id"));
        assertCanceled(recorded);
        assertThat(recorded.path("committed").asBoolean()).isTrue();
        assertOnlyCancellationCounted(before);
    }

    @Test
    void resetsTheUpstreamWhenTheClientLeavesBeforeTheAnswer() throws Exception {
        rig.provider()
                .always(Script.begin()
                        .delay(Duration.ofMinutes(5))
                        .head(200, EVENT_STREAM)
                        .end());
        Metrics before = rig.metrics();
        RawClient client = rig.connect().post(CHAT, BODY);
        await().until(() -> rig.provider().openExchanges() == 1);

        long left = System.nanoTime();
        client.close();

        assertAbandonedWithin(Duration.ofMillis(100), left);
        assertCanceled(rig.admin()
                .newest(json -> json.path("committed").isBoolean()
                        && !json.path("committed").asBoolean()));
        assertOnlyCancellationCounted(before);
    }

    @Test
    void takesAClientThatLeavesAfterTheTerminalMarkerForServed() throws Exception {
        rig.provider()
                .always(Script.begin()
                        .head(200, EVENT_STREAM)
                        .bytes(CONTENT)
                        .bytes(FINISH)
                        .hang());
        Metrics before = rig.metrics();
        RawClient client = rig.connect();
        RawHead head = client.post(CHAT, BODY).readHead();
        StringBuilder seen = new StringBuilder();
        while (!seen.toString().endsWith("data: [DONE]\n\n")) {
            seen.append(new String(client.readChunk(), UTF_8));
        }

        long left = System.nanoTime();
        client.close();

        assertAbandonedWithin(Duration.ofMillis(100), left);
        JsonNode recorded = rig.admin().record(head.header("x-penstock-id"));
        assertThat(recorded.path("outcome").asText()).isEqualTo("success");
        assertThat(recorded.path("finish_reason").asText()).isEqualTo("stop");
        assertThat(rig.metrics().sum("penstock_errors_total")).isEqualTo(before.sum("penstock_errors_total"));
        assertThat(rig.metrics().sum("penstock_open_streams")).isZero();
    }

    private static void assertAbandonedWithin(Duration limit, long since) throws Exception {
        assertThat(rig.provider().exchanges()).hasSize(1);
        Exchange exchange = rig.provider().exchanges().get(0);
        Ending ending = exchange.ending().get(10, TimeUnit.SECONDS);
        assertThat(ending.how()).isEqualTo(Ending.How.ABANDONED);
        assertThat(Duration.ofNanos(ending.nanoTime() - since)).isLessThan(limit);
    }

    private static void assertCanceled(JsonNode recorded) {
        assertThat(recorded.path("outcome").asText()).isEqualTo("canceled");
        assertThat(recorded.path("error_type").isNull()).as("%s", recorded).isTrue();
    }

    private static void assertOnlyCancellationCounted(Metrics before) throws Exception {
        Metrics after = rig.metrics();
        assertThat(after.sum("penstock_interceptions_total", "outcome", "canceled"))
                .isEqualTo(before.sum("penstock_interceptions_total", "outcome", "canceled") + 1);
        assertThat(after.sum("penstock_errors_total")).isEqualTo(before.sum("penstock_errors_total"));
        assertThat(after.sum("penstock_in_flight")).isZero();
        assertThat(after.sum("penstock_open_streams")).isZero();
        assertThat(after.sum("penstock_circuit_state")).isZero();
    }
}
