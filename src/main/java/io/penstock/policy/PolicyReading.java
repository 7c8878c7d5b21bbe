package io.penstock.policy;

import java.util.List;

/** What came of reading a policy file. */
public sealed interface PolicyReading {

    /** The file is good; {@code warnings} may still want a look. */
    record Valid(Policy policy, List<Problem> warnings) implements PolicyReading {}

    /** The file is not usable. All problems at once, in the order of their lines; at least one is an error. */
    record Invalid(List<Problem> problems) implements PolicyReading {}
}
