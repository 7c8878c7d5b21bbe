package io.penstock.admin;

import io.penstock.breaker.CircuitState;
import io.penstock.dialect.Dialect;
import io.penstock.policy.UpstreamPolicy.SecretRef;
import io.penstock.upstream.CircuitStatus;
import io.penstock.upstream.KeyState;
import io.penstock.upstream.KeyStatus;
import io.penstock.upstream.UpstreamDirectory;
import io.penstock.upstream.UpstreamStatus;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Upstream {@code primary}, whose circuit is open until it is reset, and two keys of which one is refused. */
final class OneUpstream implements UpstreamDirectory {
    private boolean open = true;

    @Override
    public List<UpstreamStatus> statuses() {
        return List.of(status());
    }

    @Override
    public List<KeyStatus> keys() {
        return List.of(
                new KeyStatus(
                        "primary", "sk-a…wxyz", new SecretRef.Env("KEY"), KeyState.READY, null, null, List.of("gpt-5")),
                new KeyStatus(
                        "primary",
                        "sk-b…wxyz",
                        new SecretRef.File(Path.of("/keys/b")),
                        KeyState.REJECTED,
                        Duration.ofSeconds(60),
                        "auth_error",
                        List.of()));
    }

    @Override
    public int keyCount(String upstream, KeyState state) {
        return (int) keys().stream()
                .filter(key -> key.upstream().equals(upstream) && key.state() == state)
                .count();
    }

    @Override
    public Reset reset(String upstream, @Nullable String scope) {
        if (!upstream.equals("primary")) {
            return new Reset.NoUpstream(List.of("primary"));
        }
        if (scope != null && !List.of("upstream", "other").contains(scope)) {
            return new Reset.NoScope(List.of("upstream", "other"));
        }
        open = false;
        return new Reset.Done(status());
    }

    private UpstreamStatus status() {
        CircuitStatus whole = open
                ? new CircuitStatus("upstream", CircuitState.OPEN, "service_error", Duration.ofMillis(1500))
                : new CircuitStatus("upstream", CircuitState.CLOSED, "reset", null);
        return new UpstreamStatus(
                "primary",
                URI.create("https://user:secret@api.example:8443/base?key=secret"),
                Dialect.OPENAI,
                "keys",
                List.of("sk-a…wxyz"),
                List.of(whole, new CircuitStatus("other", CircuitState.CLOSED, null, null)),
                7);
    }
}
