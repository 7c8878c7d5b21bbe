package io.penstock.policy;

import io.penstock.policy.Problem.Severity;
import java.util.List;

/** Problems of a policy file, written for people: two plain lines for each, and how many there are. */
public final class PolicyReport {
    private static final int ON_ONE_SCREEN = 10;

    private PolicyReport() {}

    /** All problems. */
    public static String whole(String file, List<Problem> problems) {
        return render(file, problems, problems.size());
    }

    /** The first problems, so many as fit a terminal of 24 lines. */
    public static String screen(String file, List<Problem> problems) {
        return render(file, problems, ON_ONE_SCREEN);
    }

    private static String render(String file, List<Problem> problems, int most) {
        StringBuilder report = new StringBuilder();
        for (Problem problem : problems.subList(0, Math.min(most, problems.size()))) {
            report.append(file);
            if (problem.line() > 0) {
                report.append(':').append(problem.line());
            }
            if (!problem.path().isEmpty()) {
                report.append("  ").append(problem.path());
            }
            report.append("\n    ");
            if (problem.severity() == Severity.WARNING) {
                report.append("warning: ");
            }
            report.append(problem.message()).append('\n');
        }
        if (problems.size() > most) {
            report.append("... and ").append(problems.size() - most).append(" more\n");
        }
        return report.append(count(problems)).toString();
    }

    private static String count(List<Problem> problems) {
        long errors =
                problems.stream().filter(p -> p.severity() == Severity.ERROR).count();
        long warnings = problems.size() - errors;
        if (errors == 0) {
            return number(warnings, "warning");
        }
        return number(errors, "error") + (warnings == 0 ? "" : ", " + number(warnings, "warning"));
    }

    private static String number(long count, String what) {
        return count + " " + what + (count == 1 ? "" : "s");
    }
}
