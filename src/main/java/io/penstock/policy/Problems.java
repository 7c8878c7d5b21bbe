package io.penstock.policy;

import io.penstock.policy.Problem.Severity;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Collects what is wrong with one file while it is read. Bounded, because a file can be wrong in every line. */
final class Problems {
    private static final int MOST = 100;

    private final List<Problem> collected = new ArrayList<>();
    private int errors;
    private int leftOut;

    void error(Place place, String message) {
        errors++;
        add(Severity.ERROR, place, message);
    }

    void warning(Place place, String message) {
        add(Severity.WARNING, place, message);
    }

    /** How many errors there are by now; the same before and after reading a part means that the part is sound. */
    int errors() {
        return errors;
    }

    List<Problem> inOrder() {
        List<Problem> ordered = new ArrayList<>(collected);
        ordered.sort(Comparator.comparingInt(Problem::line));
        if (leftOut > 0) {
            ordered.add(new Problem(
                    errors > 0 ? Severity.ERROR : Severity.WARNING,
                    "",
                    0,
                    "and " + leftOut + " more: mend these first"));
        }
        return List.copyOf(ordered);
    }

    private void add(Severity severity, Place place, String message) {
        if (collected.size() == MOST) {
            leftOut++;
        } else {
            collected.add(new Problem(severity, place.path(), place.line(), message));
        }
    }
}
