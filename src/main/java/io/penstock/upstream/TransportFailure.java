package io.penstock.upstream;

import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.codec.DecoderException;
import io.penstock.classify.Signal;
import io.vertx.core.http.ConnectionPoolTooBusyException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** The one place that turns what the network stack throws into a {@link Signal}. */
public final class TransportFailure {
    private static final int MAX_CAUSES = 8;

    private TransportFailure() {}

    /** The signal of a failure by the classes in its chain of causes, never by its text. */
    public static Signal of(Throwable failure) {
        Signal found = Signal.RESET;
        Throwable cause = failure;
        for (int i = 0; cause != null && i < MAX_CAUSES; i++, cause = cause.getCause()) {
            Signal signal = known(cause);
            if (signal == Signal.MALFORMED) {
                // Netty wraps what TLS says on an open connection in a DecoderException: the cause tells more.
                found = signal;
            } else if (signal != null) {
                return signal;
            }
        }
        return found;
    }

    /** What to tell of it: the class and, where it cannot hold a peer's text, the message. */
    public static String describe(Throwable failure) {
        Signal signal = of(failure);
        return switch (signal) {
            case CONNECT_REFUSED, DNS, TLS, CONNECT_TIMEOUT -> signal.label() + ": " + failure.getMessage();
            case POOL_EXHAUSTED -> "the upstream's wait queue is full (limits.pending)";
            default -> signal.label();
        };
    }

    private static @Nullable Signal known(Throwable cause) {
        // ConnectTimeoutException is a ConnectException, and SSLException an IOException: the narrower comes first.
        if (cause instanceof ConnectTimeoutException || cause instanceof TimeoutException) {
            return Signal.CONNECT_TIMEOUT;
        }
        if (cause instanceof ConnectionPoolTooBusyException) {
            return Signal.POOL_EXHAUSTED;
        }
        if (cause instanceof ConnectException || cause instanceof NoRouteToHostException) {
            return Signal.CONNECT_REFUSED;
        }
        if (cause instanceof UnknownHostException) {
            return Signal.DNS;
        }
        if (cause instanceof SSLException) {
            return Signal.TLS;
        }
        return cause instanceof DecoderException || cause instanceof IllegalArgumentException ? Signal.MALFORMED : null;
    }
}
