package io.penstock.injector;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * The key that a server shows itself with, which can be replaced while it serves. TLS asks for an alias first and for what
 * it stands for later, so an alias names its key's generation, and the generation before the newest is still known: a
 * handshake that is under way ends with the key it began with.
 *
 * <p>Not by {@code HttpServer.updateSSLOptions}: connections that come while Vert.x 4.5 makes the new options ready are closed.
 */
final class RotatingKey extends X509ExtendedKeyManager {
    private static final char SEPARATOR = ':';

    private volatile @Nullable Generation newest;

    private record Generation(
            int number,
            X509ExtendedKeyManager keys,
            @Nullable Generation before) {}

    /** Uses these keys for handshakes from now on. Not to be called by two threads at once. */
    void use(X509ExtendedKeyManager keys) {
        Generation last = newest;
        newest = last == null
                ? new Generation(0, keys, null)
                : new Generation(last.number() + 1, keys, new Generation(last.number(), last.keys(), null));
    }

    @Override
    public @Nullable String chooseEngineServerAlias(
            String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        Generation generation = newest;
        String alias = generation == null ? null : generation.keys().chooseEngineServerAlias(keyType, issuers, engine);
        return generation == null || alias == null ? null : generation.number() + String.valueOf(SEPARATOR) + alias;
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(String alias) {
        X509ExtendedKeyManager keys = keys(alias);
        return keys == null ? null : keys.getCertificateChain(inner(alias));
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(String alias) {
        X509ExtendedKeyManager keys = keys(alias);
        return keys == null ? null : keys.getPrivateKey(inner(alias));
    }

    @Override
    public @Nullable String chooseServerAlias(String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return chooseEngineServerAlias(keyType, issuers, null);
    }

    @Override
    public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
        String alias = chooseEngineServerAlias(keyType, issuers, null);
        return alias == null ? null : new String[] {alias};
    }

    @Override
    public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
        return null;
    }

    @Override
    public @Nullable String chooseClientAlias(
            String[] keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return null;
    }

    private @Nullable X509ExtendedKeyManager keys(String alias) {
        int number = Integer.parseInt(alias.substring(0, alias.indexOf(SEPARATOR)));
        Generation generation = newest;
        while (generation != null && generation.number() != number) {
            generation = generation.before();
        }
        return generation == null ? null : generation.keys();
    }

    private static String inner(String alias) {
        return alias.substring(alias.indexOf(SEPARATOR) + 1);
    }
}
