package io.penstock.chart;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.StreamSupport;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.representer.Representer;

/** The chart, and what Helm makes of it. */
final class Chart {
    static final Path HOME = Path.of("helm/penstock");
    static final String NAMESPACE = "penstock-system";

    /** The newest Kubernetes that the chart's rendering is compared for. */
    static final String CURRENT = "1.36.0";

    private Chart() {}

    static Tool.Run tryTemplate(Tool helm, List<String> arguments) {
        List<String> line = new ArrayList<>(List.of("template", "penstock", HOME.toString(), "--namespace", NAMESPACE));
        if (!arguments.contains("--kube-version")) {
            line.addAll(List.of("--kube-version", CURRENT));
        }
        line.addAll(arguments);
        return helm.run(line);
    }

    static List<Map<String, Object>> template(Tool helm, List<String> arguments) {
        return objects(tryTemplate(helm, arguments).good());
    }

    /** The objects of a stream of YAML documents, by kind, namespace and name. */
    static List<Map<String, Object>> objects(String yaml) {
        return StreamSupport.stream(yaml().loadAll(yaml).spliterator(), false)
                .filter(Objects::nonNull)
                .map(Chart::map)
                .sorted(Comparator.comparing(Chart::identity))
                .toList();
    }

    static String identity(Map<String, Object> object) {
        Map<String, Object> metadata = map(object.get("metadata"));
        return object.get("kind") + " " + metadata.getOrDefault("namespace", "") + "/" + metadata.get("name");
    }

    static String dump(List<Map<String, Object>> objects) {
        DumperOptions options = new DumperOptions();
        options.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
        options.setSplitLines(false);
        // The same map in two places is written twice, not by an alias.
        options.setDereferenceAliases(true);
        return new Yaml(new SafeConstructor(new LoaderOptions()), new Representer(options), options)
                .dumpAll(objects.iterator());
    }

    static Map<String, Object> values() {
        return map(yaml().load(text(HOME.resolve("values.yaml"))));
    }

    static Yaml yaml() {
        return new Yaml(new SafeConstructor(new LoaderOptions()));
    }

    @SuppressWarnings("unchecked")
    static Map<String, Object> map(Object value) {
        return (Map<String, Object>) value;
    }

    @SuppressWarnings("unchecked")
    static List<Map<String, Object>> maps(Object value) {
        return (List<Map<String, Object>>) value;
    }

    static String text(Path path) {
        try {
            return Files.readString(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
