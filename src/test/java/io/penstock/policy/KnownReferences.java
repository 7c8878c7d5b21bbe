package io.penstock.policy;

import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/** A world in which the named things are there, and nothing else. */
record KnownReferences(Set<String> variables, Set<Path> files) implements References {

    @Override
    public Optional<String> variable(String name) {
        return variables.contains(name) ? Optional.empty() : Optional.of("is not set: set it where Penstock runs");
    }

    @Override
    public Optional<String> secretFile(Path path) {
        return files.contains(path) ? Optional.empty() : Optional.of("does not exist");
    }

    @Override
    public Optional<String> certificates(Path path) {
        return secretFile(path);
    }
}
