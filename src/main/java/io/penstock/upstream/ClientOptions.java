package io.penstock.upstream;

import io.penstock.policy.UpstreamPolicy;
import io.penstock.policy.UpstreamPolicy.HttpVersion;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.net.PemTrustOptions;
import java.util.List;

/** The settings of an upstream's HTTP client. */
final class ClientOptions {
    private static final int MAX_HEADER_BYTES = 64 * 1024;
    private static final int KEEP_ALIVE_SECONDS = 60;
    /** Streams that share a connection share its window: a slow reader must not stall the others with the default 64 KiB. */
    private static final int CONNECTION_WINDOW_BYTES = 16 * 1024 * 1024;

    private static final int STREAM_WINDOW_BYTES = 256 * 1024;
    /** Servers commonly allow some hundred streams a connection, so HTTP/2 needs far fewer connections. */
    private static final int STREAMS_PER_CONNECTION = 32;

    private ClientOptions() {}

    static HttpClientOptions http(UpstreamPolicy policy) {
        boolean tls = policy.url().getScheme().equals("https");
        HttpVersion wanted = policy.httpVersion();
        boolean http2 = wanted == HttpVersion.HTTP_2 || (wanted == HttpVersion.AUTO && tls);
        HttpClientOptions options = new HttpClientOptions()
                .setSsl(tls)
                .setVerifyHost(true)
                .setConnectTimeout(Math.toIntExact(policy.timeouts().connect().toMillis()))
                .setKeepAliveTimeout(KEEP_ALIVE_SECONDS)
                .setHttp2KeepAliveTimeout(KEEP_ALIVE_SECONDS)
                .setMaxHeaderSize(MAX_HEADER_BYTES)
                .setHttp2ConnectionWindowSize(CONNECTION_WINDOW_BYTES)
                .setInitialSettings(new Http2Settings()
                        .setInitialWindowSize(STREAM_WINDOW_BYTES)
                        .setMaxHeaderListSize(MAX_HEADER_BYTES)
                        .setPushEnabled(false))
                .setHttp2ClearTextUpgrade(false)
                .setUseAlpn(tls && http2)
                .setProtocolVersion(
                        http2 ? io.vertx.core.http.HttpVersion.HTTP_2 : io.vertx.core.http.HttpVersion.HTTP_1_1)
                .setMetricsName("upstream|" + policy.name());
        if (tls && http2) {
            options.setAlpnVersions(
                    wanted == HttpVersion.HTTP_2
                            ? List.of(io.vertx.core.http.HttpVersion.HTTP_2)
                            : List.of(io.vertx.core.http.HttpVersion.HTTP_2, io.vertx.core.http.HttpVersion.HTTP_1_1));
        }
        if (policy.tls().ca() != null) {
            options.setTrustOptions(
                    new PemTrustOptions().addCertPath(policy.tls().ca().toString()));
        }
        return options;
    }

    static PoolOptions pool(UpstreamPolicy policy) {
        int connections = policy.limits().connections();
        return new PoolOptions()
                .setHttp1MaxSize(connections)
                .setHttp2MaxSize(Math.max(1, connections / STREAMS_PER_CONNECTION))
                .setMaxWaitQueueSize(policy.limits().pending());
    }
}
