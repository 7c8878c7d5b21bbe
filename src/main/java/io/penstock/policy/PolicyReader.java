package io.penstock.policy;

import io.penstock.classify.Category;
import io.penstock.classify.RuleSet;
import io.penstock.policy.RecordsPolicy.Store;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads a policy file and judges all of it: every problem at once, none of them thrown. Reads the environment and the files
 * that the policy refers to, so it may block.
 */
public final class PolicyReader {
    private static final Map<String, Store> STORES =
            Choices.of("memory", Store.MEMORY, "file", Store.FILE, "postgres", Store.POSTGRES);

    private final References references;
    private final Path file;

    /**
     * A reader for files of one place.
     *
     * @param references what the policy refers to outside itself
     * @param file the policy file; relative paths in it start where it lies
     */
    public PolicyReader(References references, Path file) {
        this.references = references;
        this.file = file;
    }

    public PolicyReading read(String yaml) {
        return read(yaml.getBytes(StandardCharsets.UTF_8));
    }

    public PolicyReading read(byte[] content) {
        Problems problems = new Problems();
        Section document = PolicyDocument.read(content, Keys.DOCUMENT, problems);
        Policy policy = read(document, ContentHash.version(content), problems);
        List<Problem> found = problems.inOrder();
        return problems.errors() > 0 ? new PolicyReading.Invalid(found) : new PolicyReading.Valid(policy, found);
    }

    private Policy read(Section document, String version, Problems problems) {
        DeclaredUpstreams declared =
                new UpstreamsReader(new UpstreamReader(references, file, problems)).read(document.get("upstreams"));
        List<Category> categories = new CategoriesReader(problems).read(document.elements("categories"));
        RuleSet rules = new RulesReader(categories, declared.places().keySet(), problems).read(document);
        RecordsPolicy records = records(document.section("records", Keys.RECORDS));
        Value routes = document.get("routes");
        if (routes == null) {
            Collection<UpstreamPolicy> upstreams = builtInUpstreams(declared, problems);
            return new Policy(version, BuiltInPolicy.routes(), List.copyOf(upstreams), records, categories, rules);
        }
        TargetCheck check = new TargetCheck(declared);
        List<RoutePolicy> read = new RoutesReader(new RouteReader(check)).read(routes);
        declared.places().forEach((name, place) -> {
            if (!check.used().contains(name)) {
                problems.warning(place, "no route uses this upstream: name it in a route or remove it");
            }
        });
        Map<String, Set<String>> mapped = mapped(read);
        List<UpstreamPolicy> upstreams = declared.sound().values().stream()
                .map(upstream -> upstream.withModels(mapped.getOrDefault(upstream.name(), Set.of())))
                .toList();
        return new Policy(version, read, upstreams, records, categories, rules);
    }

    /** The built-in routes keep their upstreams, save those that the file declares anew under the same name. */
    private static Collection<UpstreamPolicy> builtInUpstreams(DeclaredUpstreams declared, Problems problems) {
        Map<String, UpstreamPolicy> upstreams = new LinkedHashMap<>();
        BuiltInPolicy.upstreams().forEach(upstream -> upstreams.put(upstream.name(), upstream));
        declared.places().forEach((name, place) -> {
            UpstreamPolicy builtIn = upstreams.get(name);
            UpstreamPolicy sound = declared.get(name);
            if (builtIn == null) {
                problems.warning(
                        place,
                        "no route uses this upstream: add routes, or give it the name of a built-in upstream ("
                                + String.join(", ", upstreams.keySet()) + ") to replace that");
            } else if (sound != null && sound.dialect() != builtIn.dialect()) {
                problems.error(
                        place,
                        "replaces a built-in upstream that speaks "
                                + builtIn.dialect().label() + ": write dialect: "
                                + builtIn.dialect().label() + ", or add routes of your own");
            }
        });
        upstreams.putAll(declared.sound());
        return upstreams.values();
    }

    /** The models to which routes map, by upstream: naming one there is to configure it. */
    private static Map<String, Set<String>> mapped(List<RoutePolicy> routes) {
        Map<String, Set<String>> models = new HashMap<>();
        for (RoutePolicy route : routes) {
            for (RoutePolicy.Target target : route.targets()) {
                Set<String> ofTarget = models.computeIfAbsent(target.upstream(), name -> new LinkedHashSet<>());
                target.models().forEach(mapping -> ofTarget.add(mapping.to()));
            }
        }
        return models;
    }

    private static RecordsPolicy records(Section section) {
        RecordsPolicy defaults = PolicyDefaults.RECORDS;
        Store store = section.choice("store", defaults.store(), STORES);
        Value value = section.get("store");
        if (value != null && store != Store.MEMORY) {
            value.warning("this version of Penstock keeps records in memory only: they are gone after a restart");
        }
        return new RecordsPolicy(Store.MEMORY, section.integer("capacity", defaults.capacity(), 1, 1_000_000));
    }
}
