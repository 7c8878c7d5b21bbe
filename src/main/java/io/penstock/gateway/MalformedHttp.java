package io.penstock.gateway;

import io.netty.handler.codec.http.ContentLengthNotAllowedException;
import io.netty.handler.codec.http.TransferEncodingNotAllowedException;
import org.jspecify.annotations.Nullable;

/** Says what is wrong with a message that the decoder refused, without repeating what it held. */
final class MalformedHttp {
    private MalformedHttp() {}

    static String reason(@Nullable Throwable cause) {
        if (cause instanceof ContentLengthNotAllowedException) {
            return "it has both a Content-Length and a Transfer-Encoding (RFC 9112 §6.3)";
        }
        if (cause instanceof TransferEncodingNotAllowedException) {
            return "HTTP/1.0 knows no Transfer-Encoding (RFC 9112 §6.1)";
        }
        String message = cause == null || cause.getMessage() == null ? "" : cause.getMessage();
        if (message.startsWith("Multiple Content-Length")) {
            return "it has several Content-Length values (RFC 9112 §6.3)";
        }
        if (message.startsWith("a header name")) {
            return "a header name holds characters that are not allowed there (RFC 9110 §5.1)";
        }
        return "its request line or headers cannot be read (RFC 9112 §3)";
    }
}
