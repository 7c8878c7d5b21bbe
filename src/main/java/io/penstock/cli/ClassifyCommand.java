package io.penstock.cli;

import io.penstock.classify.CaptureText;
import io.penstock.classify.Captured;
import io.penstock.classify.CapturedReader;
import io.penstock.classify.Classifier;
import io.penstock.classify.Explainer;
import io.penstock.classify.Explanation;
import io.penstock.classify.ExplanationJson;
import io.penstock.dialect.Dialect;
import io.penstock.policy.BuiltInPolicy;
import io.penstock.policy.FileContent;
import io.penstock.policy.Policy;
import io.penstock.policy.PolicyReader;
import io.penstock.policy.PolicyReading;
import io.penstock.policy.PolicyReport;
import io.penstock.policy.References;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Explains a captured answer without starting anything: 0 it was explained, 1 the policy is wrong, 2 misused. */
@Command(
        name = "classify",
        description =
                "Explain what Penstock makes of an answer: a raw HTTP response (curl -i), a body, or the transcript"
                        + " of a stream.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:explained", "1:the policy file is wrong", "2:wrong usage, or the file cannot be read"},
        mixinStandardHelpOptions = true)
public final class ClassifyCommand implements Callable<Integer> {
    private static final String STDIN = "-";
    private static final int LARGEST_CAPTURE = 4 << 20;
    private static final int OK = 200;

    private final InputStream stdin;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(
            paramLabel = "FILE",
            arity = "0..1",
            description = "What was captured, or - for standard input, which is also the default.")
    private String file = STDIN;

    @Option(
            names = "--dialect",
            paramLabel = "DIALECT",
            description = "The upstream's protocol: openai (the default), anthropic, gemini, bedrock or ollama.")
    private String dialect = Dialect.OPENAI.label();

    @Option(names = "--status", paramLabel = "STATUS", description = "The HTTP status, where the capture has none.")
    private @Nullable Integer status;

    @Option(
            names = {"-H", "--header"},
            paramLabel = "'NAME: VALUE'",
            description = "A header of the answer, where the capture has none. May be repeated.")
    private List<String> headers = new ArrayList<>();

    @Option(
            names = "--upstream",
            paramLabel = "NAME",
            description = "The upstream, for rules that are narrowed to some.")
    private @Nullable String upstream;

    @Option(
            names = "--model",
            paramLabel = "NAME",
            description = "The model asked for, for rules that are narrowed to some.")
    private @Nullable String model;

    @Option(names = "--stream", description = "The capture is the transcript of a stream, though it does not look so.")
    private boolean stream;

    @Option(names = "--committed", description = "Bytes of the answer had gone to the application before.")
    private boolean committed;

    @Option(
            names = "--failure",
            paramLabel = "FAILURE",
            description =
                    "How the exchange ended where it did not end properly: connect_refused, dns, tls, reset,"
                            + " connect_timeout, first_content_timeout, idle_timeout, deadline, client_cancel, truncated, empty.")
    private @Nullable String failure;

    @Option(
            names = "--policy",
            paramLabel = "FILE",
            description = "The policy file whose rules are asked. Left out, the default rules alone.")
    private @Nullable Path policyFile;

    @Option(names = "--json", description = "Print JSON, as POST /penstock/v1/classify does.")
    private boolean json;

    @Option(names = "--table", description = "Print every category and what is done about it, and nothing else.")
    private boolean table;

    public ClassifyCommand() {
        this(System.in);
    }

    ClassifyCommand(InputStream stdin) {
        this.stdin = stdin;
    }

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        PolicyReading reading = policy();
        if (reading instanceof PolicyReading.Invalid invalid) {
            spec.commandLine().getErr().println(PolicyReport.whole(String.valueOf(policyFile), invalid.problems()));
            return 1;
        }
        Policy policy = ((PolicyReading.Valid) reading).policy();
        if (table) {
            out.println(ReactionTable.of(policy.allCategories()));
            return 0;
        }
        Captured captured = captured();
        Explainer explainer = new Explainer(new Classifier(Clock.systemUTC(), policy.rules()));
        Explanation explanation = explainer.explain(captured);
        out.println(
                json ? ExplanationJson.of(explanation).toPrettyString() : ExplanationText.of(captured, explanation));
        return 0;
    }

    private PolicyReading policy() {
        if (policyFile == null) {
            return new PolicyReading.Valid(BuiltInPolicy.policy(), List.of());
        }
        Path path = policyFile.toAbsolutePath();
        return new PolicyReader(References.UNCHECKED, path)
                .read(content(FileContent.of(path, FileContent.LARGEST_POLICY), policyFile.toString()));
    }

    private Captured captured() {
        Dialect spoken = Dialect.of(dialect)
                .orElseThrow(() -> misuse("--dialect: expected one of "
                        + Stream.of(Dialect.values()).map(Dialect::label).collect(Collectors.joining(", "))));
        if (failure != null && !CapturedReader.failureNames().contains(failure)) {
            throw misuse("--failure: expected one of " + String.join(", ", CapturedReader.failureNames()));
        }
        CaptureText capture = CaptureText.of(failure != null && file.equals(STDIN) ? "" : text());
        Map<String, String> all = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        all.putAll(capture.headers());
        headers.forEach(header -> addHeader(all, header));
        boolean isStream = stream || capture.stream();
        return new Captured(
                spoken,
                upstream,
                model,
                status(capture, isStream),
                all,
                capture.body(),
                isStream,
                committed,
                failure == null ? null : CapturedReader.ending(failure));
    }

    private int status(CaptureText capture, boolean isStream) {
        if (status != null) {
            if (status < 100 || status > 599) {
                throw misuse("--status: expected a whole number from 100 to 599");
            }
            return status;
        }
        if (capture.status() != null) {
            return capture.status();
        }
        if (failure == null && !isStream) {
            throw misuse("the capture has no status line: give its status by --status, such as --status 429");
        }
        return failure == null ? OK : 0;
    }

    private void addHeader(Map<String, String> all, String header) {
        int colon = header.indexOf(':');
        if (colon < 1) {
            throw misuse("--header: expected NAME: VALUE, such as -H 'retry-after: 2'");
        }
        all.put(header.substring(0, colon).strip(), header.substring(colon + 1).strip());
    }

    private String text() {
        boolean fromStdin = file.equals(STDIN);
        FileContent content =
                fromStdin ? FileContent.of(stdin, LARGEST_CAPTURE) : FileContent.of(Path.of(file), LARGEST_CAPTURE);
        return new String(content(content, fromStdin ? "standard input" : file), StandardCharsets.UTF_8);
    }

    private byte[] content(FileContent content, String name) {
        if (content instanceof FileContent.Unusable unusable) {
            throw misuse(name + " " + unusable.why());
        }
        return ((FileContent.Found) content).bytes();
    }

    private ParameterException misuse(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
