package io.penstock.policy;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code upstreams[].url}. Messages show no more of it than the scheme: keys are written into URLs now and then, before
 * the host or behind a question mark.
 */
final class UpstreamUrl {
    private static final String FORM =
            "expected an absolute URL with a host, such as https://api.openai.com or http://ollama.models:8080/base";
    private static final Set<String> SCHEMES = Set.of("http", "https");

    private UpstreamUrl() {}

    /** Without slashes at its end, so that a path can be added. */
    static @Nullable URI read(Value value) {
        String text = value.text();
        URI uri = text == null ? null : parse(text, value);
        if (uri == null || !sound(uri, value)) {
            return null;
        }
        String path = uri.getRawPath().replaceAll("/+$", "");
        if (path.endsWith("/v1")) {
            value.warning("ends in /v1, and so do requests begin: /v1/chat/completions would be asked for as"
                    + " /v1/v1/chat/completions; leave the last /v1 out");
        }
        return URI.create(origin(uri) + path);
    }

    /** Scheme, host and port, the last only where it is not the scheme's own. */
    static String origin(URI uri) {
        String scheme = uri.getScheme().toLowerCase(Locale.ROOT);
        int ownPort = scheme.equals("https") ? 443 : 80;
        String port = uri.getPort() == -1 || uri.getPort() == ownPort ? "" : ":" + uri.getPort();
        return scheme + "://" + uri.getHost().toLowerCase(Locale.ROOT) + port;
    }

    private static @Nullable URI parse(String text, Value value) {
        try {
            return new URI(text);
        } catch (URISyntaxException e) {
            value.error("is not a URL: " + FORM);
            return null;
        }
    }

    private static boolean sound(URI uri, Value value) {
        String scheme = uri.getScheme();
        if (scheme == null || uri.isOpaque()) {
            value.error("is not an absolute URL: " + FORM);
        } else if (!SCHEMES.contains(scheme.toLowerCase(Locale.ROOT))) {
            value.error("has the scheme " + Value.shown(scheme) + ", expected http or https");
        } else if (uri.getRawUserInfo() != null
                || String.valueOf(uri.getRawAuthority()).contains("@")) {
            value.error("holds a user name or a key before the host: remove it and refer to the key in credentials");
        } else if (uri.getRawQuery() != null || uri.getRawFragment() != null) {
            value.error("has a part behind ? or #: remove it; keys are referred to in credentials");
        } else if (uri.getHost() == null) {
            value.error("has no valid host (letters, digits, dots, dashes) and port: " + FORM);
        } else if (uri.getPort() == 0 || uri.getPort() > 65_535) {
            value.error("has the port " + uri.getPort() + ", expected 1 to 65535");
        } else if (!uri.normalize().getRawPath().equals(uri.getRawPath())) {
            value.error("has empty segments, . or .. in its path: write the path that is meant");
        } else {
            return true;
        }
        return false;
    }
}
