package io.penstock.cli;

import io.penstock.injector.RedirectRules;
import io.penstock.injector.RedirectTool;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.Security;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * Writes the redirect rules of one pod and ends: what the init container {@code penstock-redirect} runs. A host without an
 * address is left out, so that a name which one cluster lacks keeps no pod from starting; a rule that cannot be written fails.
 */
@Command(
        name = "redirect",
        description = {
            "Redirects plain HTTP to named hosts to the sidecar, in this network namespace.",
            "Needs nft, or iptables-restore and ip6tables-restore, on the PATH, and the capability NET_ADMIN."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:the rules are in force", "1:they could not be written", "2:wrong usage"},
        mixinStandardHelpOptions = true)
final class RedirectCommand implements Callable<Integer> {
    private static final int TRIES = 3;
    private static final long PAUSE_MILLIS = 1_000;
    private static final int HIGHEST_PORT = 65_535;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before call()
    private CommandSpec spec;

    @Option(names = "--host", paramLabel = "HOST", description = "A host, by name or address. May be repeated.")
    private List<String> hosts = new ArrayList<>();

    @Option(names = "--port", paramLabel = "PORT", description = "A TCP port of these hosts. May be repeated.")
    private List<Integer> ports = new ArrayList<>();

    @Option(names = "--to-port", description = "The sidecar's port (default ${DEFAULT-VALUE}).")
    private int toPort = 4100;

    @Option(
            names = "--exempt-user",
            required = true,
            paramLabel = "UID",
            description = "The user that the sidecar runs as, whose connections are left alone.")
    private int exemptUser;

    @Option(names = "--print", description = "Print the rules for nft, and write none.")
    private boolean print;

    @Override
    public Integer call() throws InterruptedException {
        check();
        RedirectRules rules = new RedirectRules(toPort, exemptUser, addresses(), ports);
        if (print) {
            spec.commandLine().getOut().print(rules.nft());
            spec.commandLine().getOut().flush();
            return ExitCode.OK;
        }
        if (rules.addresses().isEmpty() || ports.isEmpty()) {
            spec.commandLine().getOut().println("nothing to redirect");
            return ExitCode.OK;
        }
        Optional<RedirectTool> tool = RedirectTool.find();
        if (tool.isEmpty()) {
            return failed(
                    "neither nft nor iptables-restore is on the PATH: Penstock's own images have nft; another one that"
                            + " redirect.image of the injector's settings, or sidecar.image, names needs one of them");
        }
        String name = tool.get().name().toLowerCase(Locale.ROOT);
        RedirectTool.Outcome outcome = tool.get().apply(rules);
        if (!outcome.done()) {
            return failed(name + ": " + outcome.message() + advice(outcome.message()));
        }
        spec.commandLine()
                .getOut()
                .println("redirecting ports " + ports + " of " + rules.addresses() + " to port " + toPort + ", by "
                        + name);
        return ExitCode.OK;
    }

    private void check() {
        boolean inRange = ports.stream().allMatch(port -> port >= 1 && port <= HIGHEST_PORT);
        if (!inRange || toPort < 1 || toPort > HIGHEST_PORT || exemptUser < 0) {
            throw new ParameterException(
                    spec.commandLine(), "ports are from 1 to " + HIGHEST_PORT + ", a user is 0 or more");
        }
    }

    private List<InetAddress> addresses() throws InterruptedException {
        // A name that fails once is asked for again.
        Security.setProperty("networkaddress.cache.negative.ttl", "0");
        List<InetAddress> addresses = new ArrayList<>();
        for (String host : hosts) {
            List<InetAddress> found = resolve(host);
            if (found.isEmpty()) {
                spec.commandLine().getErr().println(host + " has no address: calls to it are not redirected");
            }
            addresses.addAll(found);
        }
        return addresses;
    }

    private static List<InetAddress> resolve(String host) throws InterruptedException {
        for (int tried = 1; ; tried++) {
            try {
                return List.of(InetAddress.getAllByName(host));
            } catch (UnknownHostException e) {
                if (tried == TRIES) {
                    return List.of();
                }
                Thread.sleep(PAUSE_MILLIS);
            }
        }
    }

    private static String advice(String message) {
        String lower = message.toLowerCase(Locale.ROOT);
        return lower.contains("operation not permitted") || lower.contains("permission denied")
                ? System.lineSeparator()
                        + "Rules take root with the capability NET_ADMIN (iptables NET_RAW too): securityContext.runAsUser 0 and"
                        + " capabilities.add [NET_ADMIN]"
                : "";
    }

    private int failed(String message) {
        spec.commandLine().getErr().println(message);
        return ExitCode.SOFTWARE;
    }
}
