package io.penstock.cli;

import static io.penstock.policy.FileContent.LARGEST_POLICY;

import io.penstock.policy.FileContent;
import io.penstock.policy.LocalReferences;
import io.penstock.policy.Policy;
import io.penstock.policy.PolicyReader;
import io.penstock.policy.PolicyReading;
import io.penstock.policy.PolicyReport;
import io.penstock.policy.References;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Judges a policy file without starting anything: 0 it is good, 1 it is wrong, 2 it could not be read. */
@Command(
        name = "validate",
        description = "Check a policy file and print everything that is wrong with it.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:the file is good", "1:the file is wrong", "2:wrong usage, or the file cannot be read"})
public final class ValidateCommand implements Callable<Integer> {
    private static final String STDIN = "-";

    private final InputStream stdin;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(paramLabel = "FILE", description = "The policy file, or - for standard input.")
    private String file = STDIN;

    @Option(
            names = "--no-references",
            description = "Do not check that the environment variables and files the policy refers to are there:"
                    + " for a file that is meant for another machine.")
    private boolean noReferences;

    public ValidateCommand() {
        this(System.in);
    }

    ValidateCommand(InputStream stdin) {
        this.stdin = stdin;
    }

    @Override
    public Integer call() {
        boolean fromStdin = file.equals(STDIN);
        String name = fromStdin ? "standard input" : file;
        Path path = Path.of(file).toAbsolutePath();
        FileContent content = fromStdin ? FileContent.of(stdin, LARGEST_POLICY) : FileContent.of(path, LARGEST_POLICY);
        if (content instanceof FileContent.Unusable unusable) {
            spec.commandLine().getErr().println(name + " " + unusable.why());
            return 2;
        }
        References references = noReferences ? References.UNCHECKED : LocalReferences.ofThisProcess();
        PolicyReading reading = new PolicyReader(references, path).read(((FileContent.Found) content).bytes());
        return report(name, reading);
    }

    private int report(String name, PolicyReading reading) {
        PrintWriter out = spec.commandLine().getOut();
        if (reading instanceof PolicyReading.Invalid invalid) {
            out.println(PolicyReport.whole(name, invalid.problems()));
            return 1;
        }
        PolicyReading.Valid valid = (PolicyReading.Valid) reading;
        Policy policy = valid.policy();
        out.println(name + ": valid policy, "
                + count(policy.routes().size(), "route") + ", "
                + count(policy.upstreams().size(), "upstream"));
        if (!valid.warnings().isEmpty()) {
            out.println(PolicyReport.whole(name, valid.warnings()));
        }
        return 0;
    }

    private static String count(int number, String what) {
        return number + " " + what + (number == 1 ? "" : "s");
    }
}
