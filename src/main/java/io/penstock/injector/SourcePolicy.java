package io.penstock.injector;

import com.fasterxml.jackson.databind.JsonNode;
import io.penstock.policy.PolicyReader;
import io.penstock.policy.PolicyReading;
import io.penstock.policy.PolicyReport;
import io.penstock.policy.References;
import java.nio.file.Path;

/** The release's policy, as it is to be copied. */
sealed interface SourcePolicy {

    record Good(String text, String version) implements SourcePolicy {}

    /**
     * Is no policy that a sidecar would start with, so the copies stay as they are.
     *
     * @param why for people
     */
    record Bad(String why) implements SourcePolicy {}

    /** There is none to copy. */
    record Absent() implements SourcePolicy {}

    /** References to the environment and to files are the pods' business: here they lead nowhere. */
    static SourcePolicy of(JsonNode configMap) {
        JsonNode data = configMap.path("data").path(PolicyCopy.KEY);
        if (!data.isTextual()) {
            return new Bad("it has no key " + PolicyCopy.KEY);
        }
        PolicyReading reading =
                new PolicyReader(References.UNCHECKED, Path.of("/etc/penstock", PolicyCopy.KEY)).read(data.asText());
        if (reading instanceof PolicyReading.Invalid invalid) {
            return new Bad(PolicyReport.screen(PolicyCopy.KEY, invalid.problems()));
        }
        return new Good(data.asText(), PolicyCopy.version(data.asText()));
    }
}
