package io.penstock.injector;

import com.fasterxml.jackson.databind.JsonNode;
import io.penstock.injector.InjectorSettings.Interception;
import io.penstock.injector.InjectorSettings.Resources;
import io.penstock.policy.Value;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What holds for one pod: the operator's settings, changed by the pod's annotations.
 *
 * @param ownConfig whether the pod names its policy itself, which then must exist
 * @param keysSecret the Secret whose keys the sidecar gets as files, or null
 * @param env whether containers get the variables with the sidecar's URLs
 * @param warnings about annotations that mean nothing
 */
record PodOptions(
        String image,
        Resources resources,
        String logLevel,
        Duration drain,
        String configMap,
        boolean ownConfig,
        @Nullable String keysSecret,
        Interception interception,
        boolean env,
        Set<String> skippedContainers,
        List<String> redirectHosts,
        List<Integer> redirectPorts,
        List<String> warnings) {

    /** What came of reading a pod's annotations. */
    sealed interface Reading {
        record Good(PodOptions options) implements Reading {}

        /**
         * An annotation says something impossible.
         *
         * @param message names the annotation, what it holds, and what it may hold
         */
        record Bad(String message) implements Reading {}
    }

    static Reading of(InjectorSettings settings, JsonNode annotations) {
        Map<PodAnnotation, String> given = new EnumMap<>(PodAnnotation.class);
        List<String> warnings = new ArrayList<>();
        for (Map.Entry<String, JsonNode> entry : annotations.properties()) {
            String key = entry.getKey();
            PodAnnotation known = PodAnnotation.of(key).orElse(null);
            if (known != null && known != PodAnnotation.STATUS) {
                String text = entry.getValue().asText().strip();
                if (!known.form().accepts(text)) {
                    return new Reading.Bad("annotation " + key + " is " + Value.shown(text) + ", expected "
                            + known.form().words());
                }
                given.put(known, text);
            } else if (known == null && key.startsWith(PodAnnotation.PREFIX)) {
                warnings.add("annotation " + Value.shown(key) + " is not known" + PodAnnotation.suggestion(key));
            }
        }
        return new Reading.Good(options(settings, given, warnings));
    }

    private static PodOptions options(
            InjectorSettings settings, Map<PodAnnotation, String> given, List<String> warnings) {
        Interception interception = given.containsKey(PodAnnotation.INTERCEPTION)
                ? Objects.requireNonNull(SettingsReader.INTERCEPTIONS.get(given.get(PodAnnotation.INTERCEPTION)))
                : settings.interception();
        String env = given.get(PodAnnotation.ENV_INJECTION);
        String drain = given.get(PodAnnotation.DRAIN);
        String hosts = given.get(PodAnnotation.REDIRECT_HOSTS);
        String ports = given.get(PodAnnotation.REDIRECT_PORTS);
        return new PodOptions(
                given.getOrDefault(PodAnnotation.IMAGE, settings.sidecar().image()),
                resources(settings.sidecar().resources(), given),
                given.getOrDefault(PodAnnotation.LOG_LEVEL, settings.sidecar().logLevel()),
                drain == null ? settings.sidecar().drain() : duration(drain),
                given.getOrDefault(PodAnnotation.CONFIG, settings.policy().configMap()),
                given.containsKey(PodAnnotation.CONFIG),
                given.get(PodAnnotation.KEYS_SECRET),
                interception,
                env == null ? interception == Interception.ENV : env.equals("true"),
                Set.copyOf(list(given.getOrDefault(PodAnnotation.SKIP_CONTAINERS, ""))),
                hosts == null ? settings.redirect().hosts() : list(hosts),
                ports == null
                        ? settings.redirect().ports()
                        : list(ports).stream().map(Integer::valueOf).toList(),
                List.copyOf(warnings));
    }

    private static Resources resources(Resources defaults, Map<PodAnnotation, String> given) {
        return new Resources(
                quantities(
                        defaults.requests(),
                        given.get(PodAnnotation.CPU_REQUEST),
                        given.get(PodAnnotation.MEMORY_REQUEST)),
                quantities(
                        defaults.limits(), given.get(PodAnnotation.CPU_LIMIT), given.get(PodAnnotation.MEMORY_LIMIT)));
    }

    private static Map<String, String> quantities(
            Map<String, String> defaults, @Nullable String cpu, @Nullable String memory) {
        Map<String, String> quantities = new LinkedHashMap<>(defaults);
        if (cpu != null) {
            quantities.put("cpu", cpu);
        }
        if (memory != null) {
            quantities.put("memory", memory);
        }
        return quantities;
    }

    private static List<String> list(String text) {
        return Stream.of(text.split(",", -1))
                .map(String::strip)
                .filter(part -> !part.isEmpty())
                .distinct()
                .toList();
    }

    private static Duration duration(String text) {
        long number = Long.parseLong(text.substring(0, text.length() - 1));
        return text.endsWith("m") ? Duration.ofMinutes(number) : Duration.ofSeconds(number);
    }
}
