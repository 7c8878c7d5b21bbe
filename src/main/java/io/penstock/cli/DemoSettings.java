package io.penstock.cli;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.Locale;

/** The configuration that the demo's gateway runs with. What the user has set in the environment stands. */
final class DemoSettings {
    private static final int DATA_PLANE = 4100;
    private static final int MANAGEMENT = 4190;

    private DemoSettings() {}

    static void apply(Path policy) throws IOException {
        System.setProperty("penstock.policy", policy.toString());
        offer("quarkus.http.port", String.valueOf(portLike(DATA_PLANE)));
        offer("quarkus.management.host", "127.0.0.1");
        offer("quarkus.management.port", String.valueOf(portLike(MANAGEMENT)));
        offer("quarkus.log.level", "WARN");
        // The table tells the same: what became of each request, and that a provider resets its connection.
        offer("quarkus.log.category.\"io.penstock.interception\".level", "OFF");
        offer("quarkus.log.category.\"io.vertx.core.net.impl.ConnectionBase\".level", "OFF");
    }

    /** Sets a property unless the user has, as a property or, by MicroProfile's mapping, as a variable. */
    private static void offer(String name, String value) {
        if (System.getProperty(name) == null && System.getenv(variable(name)) == null) {
            System.setProperty(name, value);
        }
    }

    static String variable(String property) {
        return property.replaceAll("[^A-Za-z0-9]", "_").toUpperCase(Locale.ROOT);
    }

    /** The preferred port where it is free, else one that is. */
    static int portLike(int preferred) throws IOException {
        try (ServerSocket probe = bound(preferred)) {
            return probe.getLocalPort();
        } catch (IOException taken) {
            try (ServerSocket probe = bound(0)) {
                return probe.getLocalPort();
            }
        }
    }

    private static ServerSocket bound(int port) throws IOException {
        ServerSocket socket = new ServerSocket();
        try {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }
}
