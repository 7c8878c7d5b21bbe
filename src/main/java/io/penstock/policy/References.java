package io.penstock.policy;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What a policy file refers to outside itself. Each answer says what is wrong with the referred thing, in words that follow
 * its name, or is empty where it is good. Never a secret.
 */
public interface References {

    /** Takes everything to be there: for a file that is checked on another machine than the one it is for. */
    References UNCHECKED = new References() {
        @Override
        public Optional<String> variable(String name) {
            return Optional.empty();
        }

        @Override
        public Optional<String> secretFile(Path path) {
            return Optional.empty();
        }

        @Override
        public Optional<String> certificates(Path path) {
            return Optional.empty();
        }
    };

    /** An environment variable that holds a secret. */
    Optional<String> variable(String name);

    /** A file that holds a secret. */
    Optional<String> secretFile(Path path);

    /** A PEM file of certificate authorities. */
    Optional<String> certificates(Path path);
}
