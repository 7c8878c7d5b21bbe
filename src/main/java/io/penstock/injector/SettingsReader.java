package io.penstock.injector;

import io.penstock.injector.InjectorSettings.Interception;
import io.penstock.injector.InjectorSettings.NativeSidecar;
import io.penstock.injector.InjectorSettings.Policy;
import io.penstock.injector.InjectorSettings.Redirect;
import io.penstock.injector.InjectorSettings.Resources;
import io.penstock.injector.InjectorSettings.Sidecar;
import io.penstock.injector.InjectorSettings.Source;
import io.penstock.policy.FileContent;
import io.penstock.policy.Problem;
import io.penstock.policy.Section;
import io.penstock.policy.SettingsFile;
import io.penstock.policy.Value;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the injector's settings file and judges all of it. */
public final class SettingsReader {
    /** Where the chart mounts it. */
    public static final String DEFAULT_PLACE = "/etc/penstock-injector/injector.yaml";

    private static final int LARGEST = 1 << 20;
    private static final int PORTS = 65_535;
    private static final String OWNER_API = "rbac.authorization.k8s.io/v1";
    private static final String OWNER_KIND = "ClusterRole";

    private static final Map<String, String> PULL_POLICIES = same("Always", "IfNotPresent", "Never");
    private static final Map<String, NativeSidecar> NATIVE_SIDECARS =
            Map.of("auto", NativeSidecar.AUTO, "always", NativeSidecar.ALWAYS, "never", NativeSidecar.NEVER);
    static final Map<String, Interception> INTERCEPTIONS =
            Map.of("env", Interception.ENV, "redirect", Interception.REDIRECT);

    private SettingsReader() {}

    /** What came of reading the file. */
    public sealed interface Outcome {
        record Good(InjectorSettings settings) implements Outcome {}

        /** Nothing to run by; the problems say why. */
        record Bad(List<Problem> problems) implements Outcome {}
    }

    public static Outcome read(Path file) {
        FileContent content = FileContent.of(file, LARGEST);
        if (content instanceof FileContent.Unusable unusable) {
            return new Outcome.Bad(List.of(new Problem(Problem.Severity.ERROR, "", 0, unusable.why())));
        }
        return read(((FileContent.Found) content).bytes());
    }

    static Outcome read(byte[] content) {
        SettingsFile.Reading<InjectorSettings> reading =
                SettingsFile.read(content, SettingsKeys.DOCUMENT, SettingsReader::settings);
        return reading.good() ? new Outcome.Good(reading.value()) : new Outcome.Bad(reading.problems());
    }

    private static InjectorSettings settings(Section document) {
        Sidecar sidecar = sidecar(document.section("sidecar", SettingsKeys.SIDECAR));
        Value scrape = document.section("metrics", SettingsKeys.METRICS).get("scrapeAnnotations");
        return new InjectorSettings(
                sidecar,
                document.choice("interception", Interception.ENV, INTERCEPTIONS),
                redirect(document.section("redirect", SettingsKeys.REDIRECT)),
                policy(document.section("policy", SettingsKeys.POLICY)),
                scrape == null || !Boolean.FALSE.equals(scrape.bool()),
                Set.copyOf(texts(document, "excludeNamespaces", Form.NAME)));
    }

    private static Sidecar sidecar(Section section) {
        Value image = section.required("image", "registry.example/penstock:1.0.0");
        return new Sidecar(
                matching(image, Form.IMAGE, ""),
                section.choice("imagePullPolicy", "IfNotPresent", PULL_POLICIES),
                resources(section.section("resources", SettingsKeys.RESOURCES)),
                section.choice("logLevel", "INFO", same("ERROR", "WARN", "INFO", "DEBUG")),
                section.duration("drain", Duration.ofSeconds(30)),
                runAsUser(section.get("runAsUser")),
                section.choice("native", NativeSidecar.AUTO, NATIVE_SIDECARS));
    }

    private static @Nullable Integer runAsUser(@Nullable Value value) {
        if (value == null) {
            return SidecarContainer.USER;
        }
        // Root would be refused by runAsNonRoot, and the redirect rules exempt this uid: it must not be the
        // application's.
        return value.isNull() ? null : value.integer(1, 999_999_999);
    }

    private static Resources resources(Section section) {
        return new Resources(quantities(section, "requests"), quantities(section, "limits"));
    }

    private static Map<String, String> quantities(Section section, String key) {
        Section quantities = section.section(key, SettingsKeys.QUANTITIES);
        Map<String, String> read = new LinkedHashMap<>();
        for (String name : SettingsKeys.QUANTITIES.names()) {
            Value value = quantities.get(name);
            String text = value == null ? null : value.textOrNumber().orElse("");
            if (value != null && text != null && Form.QUANTITY.accepts(text)) {
                read.put(name, text);
            } else if (value != null) {
                value.error("expected " + Form.QUANTITY.words());
            }
        }
        return read;
    }

    private static Redirect redirect(Section section) {
        List<Integer> ports = new ArrayList<>();
        for (Value value : section.elements("ports")) {
            Integer port = value.integer(1, PORTS);
            if (port != null) {
                ports.add(port);
            }
        }
        Value image = section.get("image");
        return new Redirect(
                texts(section, "hosts", Form.HOST),
                section.get("ports") == null ? List.of(80, 8000, 8080, 11434) : List.copyOf(ports),
                image == null ? null : matching(image, Form.IMAGE, ""));
    }

    private static Policy policy(Section section) {
        Value name = section.get("configMap");
        Value source = section.get("source");
        Value owner = section.get("owner");
        return new Policy(
                name == null ? "penstock-policy" : matching(name, Form.NAME, ""),
                source == null || source.isNull() ? null : source(source),
                owner == null || owner.isNull() ? null : owner(owner));
    }

    private static @Nullable Source source(Value value) {
        Section section = value.section(SettingsKeys.SOURCE);
        return section == null
                ? null
                : new Source(
                        matching(section.required("namespace", "penstock-system"), Form.NAME, ""),
                        matching(section.required("name", "penstock-policy"), Form.NAME, ""));
    }

    private static @Nullable String owner(Value value) {
        Section section = value.section(SettingsKeys.OWNER);
        if (section == null) {
            return null;
        }
        section.choice("apiVersion", OWNER_API, same(OWNER_API));
        section.choice("kind", OWNER_KIND, same(OWNER_KIND));
        Value name = section.required("name", "penstock-injector");
        return name == null ? null : name.text();
    }

    private static List<String> texts(Section section, String key, Form form) {
        return section.elements(key).stream()
                .map(value -> matching(value, form, ""))
                .filter(text -> !text.isEmpty())
                .distinct()
                .toList();
    }

    private static String matching(@Nullable Value value, Form form, String otherwise) {
        String text = value == null ? null : value.text();
        if (value == null || text == null) {
            return otherwise;
        }
        if (!form.accepts(text)) {
            value.error("found " + Value.shown(text) + ", expected " + form.words());
            return otherwise;
        }
        return text;
    }

    private static Map<String, String> same(String... words) {
        Map<String, String> choices = new LinkedHashMap<>();
        for (String word : words) {
            choices.put(word, word);
        }
        return choices;
    }
}
