package io.penstock.policy;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Where the policy file is looked for.
 *
 * @param named whether the operator named it, so that it must be there
 */
record PolicyPlace(Path path, boolean named) {
    private static final Path DEFAULT = Path.of("/etc/penstock/penstock.yaml");

    static PolicyPlace of(Optional<String> configured) {
        return configured
                .map(place -> new PolicyPlace(Path.of(place).toAbsolutePath().normalize(), true))
                .orElseGet(() -> new PolicyPlace(DEFAULT, false));
    }

    FileContent content() {
        return FileContent.of(path, FileContent.LARGEST_POLICY);
    }
}
