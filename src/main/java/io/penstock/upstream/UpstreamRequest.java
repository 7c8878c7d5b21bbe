package io.penstock.upstream;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What is asked of an upstream.
 *
 * @param path what follows the upstream's base path, query included
 * @param headers end-to-end headers of the application, its credentials among them; not modified
 * @param key the credential that replaces the application's, or null
 * @param connectTimeout bounds the wait for a connection
 */
public record UpstreamRequest(
        HttpMethod method,
        String path,
        MultiMap headers,
        Buffer body,
        @Nullable ApiKey key,
        Duration connectTimeout) {}
