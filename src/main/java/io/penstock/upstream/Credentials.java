package io.penstock.upstream;

import io.penstock.dialect.Dialect;
import io.penstock.policy.UpstreamPolicy.CredentialsPolicy;
import io.penstock.policy.UpstreamPolicy.SecretRef;
import io.vertx.core.MultiMap;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.List;
import java.util.regex.Pattern;

/** Where keys are read from, and how an application's own credential is taken off a request. */
final class Credentials {
    /** The headers in which the dialects' clients carry keys, and name the accounts that those belong to. */
    private static final List<String> HEADERS = List.of(
            "authorization",
            "x-api-key",
            "api-key",
            "x-goog-api-key",
            "x-goog-user-project",
            "openai-organization",
            "openai-project",
            "proxy-authorization",
            "cookie");

    /** The parameter {@code key}, also with letters in percent escapes, which mean the same (RFC 3986 §2.3). */
    private static final Pattern KEY = Pattern.compile("(k|%6[bB])(e|%65)(y|%79)(=.*)?", Pattern.DOTALL);

    /** What a header can carry without escapes; providers' keys hold nothing else. */
    private static final Pattern PRINTABLE = Pattern.compile("[!-~]+");

    private Credentials() {}

    /** Reads the key that a policy refers to; throws, without a word of the secret, where it cannot be had. */
    static ApiKey read(SecretRef ref) {
        return new ApiKey(secret(ref));
    }

    static String label(CredentialsPolicy policy) {
        if (policy instanceof CredentialsPolicy.Passthrough) {
            return "passthrough";
        }
        return policy instanceof CredentialsPolicy.None ? "none" : "keys";
    }

    /** Removes what an application may have sent to identify itself, so that it reaches no other vendor. */
    static void strip(MultiMap headers) {
        HEADERS.forEach(headers::remove);
    }

    /** Removes the {@code key} query parameter, in which Gemini's clients may carry theirs. */
    static String strip(Dialect dialect, String uri) {
        int question = uri.indexOf('?');
        if (dialect != Dialect.GEMINI || question < 0) {
            return uri;
        }
        StringBuilder kept = new StringBuilder();
        for (String parameter : uri.substring(question + 1).split("&", -1)) {
            if (!KEY.matcher(parameter).matches()) {
                kept.append(kept.isEmpty() ? "?" : "&").append(parameter);
            }
        }
        return uri.substring(0, question) + kept;
    }

    private static String secret(SecretRef ref) {
        if (ref instanceof SecretRef.Env env) {
            String value = System.getenv(env.name());
            if (value == null) {
                throw new IllegalStateException("environment variable " + env.name() + " is not set");
            }
            return printable(value, "environment variable " + env.name());
        }
        SecretRef.File file = (SecretRef.File) ref;
        try {
            return printable(Files.readString(file.path()), "secret file " + file.path());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the secret file " + file.path(), e);
        }
    }

    /** Refuses now what the HTTP client would refuse later, with a message that repeats the secret. */
    private static String printable(String value, String place) {
        String key = value.strip();
        if (!PRINTABLE.matcher(key).matches()) {
            throw new IllegalStateException(place + " must hold one key: a single line of printable ASCII");
        }
        return key;
    }
}
