package io.penstock.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;

class DemoSettingsTest {

    @Test
    void takesAnotherPortWhereThePreferredOneIsTaken() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThat(DemoSettings.portLike(taken.getLocalPort())).isPositive().isNotEqualTo(taken.getLocalPort());
        }
    }

    @Test
    void knowsHowAPropertyIsWrittenInTheEnvironment() {
        assertThat(DemoSettings.variable("quarkus.http.port")).isEqualTo("QUARKUS_HTTP_PORT");
        assertThat(DemoSettings.variable("quarkus.log.category.\"a.b\".level"))
                .isEqualTo("QUARKUS_LOG_CATEGORY__A_B__LEVEL");
    }
}
