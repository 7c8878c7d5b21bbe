package io.penstock.policy;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Tells contents of the policy file apart. */
public final class ContentHash {
    private static final int VERSION_LENGTH = 12;

    private ContentHash() {}

    static String of(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** Short enough for a log line and a metric label. */
    public static String version(byte[] content) {
        return of(content).substring(0, VERSION_LENGTH);
    }
}
