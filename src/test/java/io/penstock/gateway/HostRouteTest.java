package io.penstock.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.policy.RoutePolicy;
import io.penstock.simulator.Script;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Requests that were redirected on their way to a host: the Host header finds their route, and their path is whole. */
class HostRouteTest {
    private static final String TAIL =
            "Content-Type: application/json\r\nContent-Length: 17\r\n\r\n{\"model\":\"gpt-5\"}";

    private GatewayRig rig;

    @BeforeEach
    void start() throws IOException {
        rig = GatewayRig.startWithRoute(settled -> {
            RoutePolicy route = settled.route();
            return new RoutePolicy(
                    route.name(),
                    route.dialect(),
                    route.deadline(),
                    route.targets(),
                    route.allowPaths(),
                    route.maxRequestBytes(),
                    route.maxInFlight(),
                    route.maxRetryAfter(),
                    route.hold(),
                    route.failoverOn(),
                    route.whenAllOpen(),
                    List.of("llm.models.svc"));
        });
        rig.provider.always(Script.json(200, "{}"));
    }

    @AfterEach
    void stop() {
        rig.close();
    }

    @Test
    void relaysTheWholePathOfAHostThatIsOnARoute() throws Exception {
        assertThat(post("/v1/chat/completions?a=b", "LLM.models.svc:8000")).startsWith("HTTP/1.1 200");

        assertThat(rig.provider.exchanges().get(0).uri()).isEqualTo("/v1/chat/completions?a=b");
        assertThat(rig.record().route()).isEqualTo("openai");
    }

    @Test
    void takesNoPathOfSuchAHostForItsOwn() throws Exception {
        assertThat(post("/penstock/v1/config", "llm.models.svc")).startsWith("HTTP/1.1 200");

        assertThat(rig.provider.exchanges().get(0).uri()).isEqualTo("/penstock/v1/config");
    }

    @Test
    void findsTheRouteOfAnyOtherHostByItsPath() throws Exception {
        assertThat(post("/openai/v1/chat/completions", "127.0.0.1")).startsWith("HTTP/1.1 200");
        assertThat(post("/v1/chat/completions", "other.models.svc")).startsWith("HTTP/1.1 404");
    }

    private String post(String target, String host) throws IOException {
        try (GatewayRig.Client client = rig.connect()) {
            return client.send("POST " + target + " HTTP/1.1\r\nHost: " + host + "\r\n" + TAIL)
                    .readAnswer();
        }
    }
}
