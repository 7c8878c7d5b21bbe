package io.penstock.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Says which build this is. */
@Command(name = "version", description = "Prints the version.", mixinStandardHelpOptions = true)
final class VersionCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before run()
    private CommandSpec spec;

    @Override
    public void run() {
        spec.commandLine().getOut().println(Provider.line());
    }

    /** The version that the build wrote into the artifact. */
    static final class Provider implements IVersionProvider {
        private static final String RESOURCE = "/penstock-version.properties";

        @Override
        public String[] getVersion() {
            return new String[] {line()};
        }

        static String line() {
            Properties properties = new Properties();
            try (InputStream in = Provider.class.getResourceAsStream(RESOURCE)) {
                if (in != null) {
                    properties.load(in);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return "penstock " + properties.getProperty("version", "unknown") + " on Java "
                    + Runtime.version().feature();
        }
    }
}
