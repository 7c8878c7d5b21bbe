package io.penstock.policy;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Reads the path of a file that the policy refers to. A relative one starts where the policy file lies. */
final class FileReference {
    private FileReference() {}

    static @Nullable Path path(Value value, Path policyFile) {
        String text = value.text();
        if (text == null) {
            return null;
        }
        try {
            return policyFile.resolveSibling(text).normalize();
        } catch (InvalidPathException e) {
            value.error("expected the path of a file, such as /etc/penstock/ca.pem");
            return null;
        }
    }
}
