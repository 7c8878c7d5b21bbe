package io.penstock.record;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.impl.TimeBasedEpochGenerator;
import jakarta.inject.Singleton;
import java.util.UUID;

/**
 * Makes the ids of interceptions: UUIDv7 (RFC 9562 §5.7), which sort by the time they were made. Thread-safe.
 */
@Singleton
public final class InterceptionIds {
    private final TimeBasedEpochGenerator generator = Generators.timeBasedEpochGenerator();

    public UUID next() {
        return generator.generate();
    }
}
