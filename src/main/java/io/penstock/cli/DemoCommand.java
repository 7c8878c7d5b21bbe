package io.penstock.cli;

import io.quarkus.runtime.Quarkus;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;

/**
 * {@code penstock demo}: the newcomer's first minute. Starts simulated providers and the gateway in front of them in this
 * process, and shows what becomes of each kind of failure.
 */
@Command(
        name = "demo",
        description = {
            "Shows what Penstock does, with simulated providers: sends requests that go well and requests that fail in"
                    + " every way, and prints what became of each. Needs no network and no key.",
            "Serves on afterwards, until interrupted."
        },
        mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {

    @Option(
            names = "--once",
            description = "Exit after the scenarios: 0 if each kept its promise, 1 if anything differed.")
    boolean once;

    @Option(names = "--no-color", description = "No colours, even on a terminal. So does NO_COLOR in the environment.")
    boolean noColor;

    @Override
    public Integer call() throws IOException {
        boolean terminal = onTerminal();
        // https://no-color.org: present and not empty.
        String refused = System.getenv("NO_COLOR");
        boolean colour = terminal && !noColor && (refused == null || refused.isEmpty());
        Vertx vertx = Vertx.vertx(new VertxOptions()
                .setEventLoopPoolSize(1)
                .setUseDaemonThread(true)
                .setFileSystemOptions(
                        new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false)));
        try (DemoProviders providers = DemoProviders.start(vertx)) {
            DemoSettings.apply(DemoPolicy.write(DemoPolicy.yaml(providers.primaryUrl(), providers.backupUrl())));
            return serve(new DemoOptions(once, terminal, colour));
        } finally {
            vertx.close()
                    .toCompletionStage()
                    .toCompletableFuture()
                    .orTimeout(5, TimeUnit.SECONDS)
                    .join();
        }
    }

    /** From JDK 22 to 24 there is always a console, unless the one of {@code java.base} is asked for as before. */
    @SuppressWarnings("SystemConsoleNull")
    private static boolean onTerminal() {
        System.setProperty("jdk.console", "java.base");
        return System.console() != null;
    }

    private static int serve(DemoOptions options) {
        AtomicInteger exit = new AtomicInteger(ExitCode.OK);
        Quarkus.run(
                DemoApplication.class,
                (code, failure) -> {
                    exit.set(code);
                    if (failure != null) {
                        System.err.println("the demo broke off: " + failure);
                    }
                },
                options.arguments());
        return exit.get();
    }
}
