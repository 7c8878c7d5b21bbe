package io.penstock.policy;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads {@code upstreams}. */
final class UpstreamsReader {
    private final UpstreamReader reader;

    UpstreamsReader(UpstreamReader reader) {
        this.reader = reader;
    }

    DeclaredUpstreams read(@Nullable Value upstreams) {
        Map<String, Place> places = new LinkedHashMap<>();
        Map<String, UpstreamPolicy> sound = new LinkedHashMap<>();
        if (upstreams != null) {
            for (Value element : upstreams.elements()) {
                Section section = element.section(Keys.UPSTREAM);
                if (section != null) {
                    String name = Names.read(section, places, "upstream");
                    UpstreamPolicy upstream = reader.read(name, section);
                    if (upstream != null) {
                        sound.putIfAbsent(name, upstream);
                    }
                }
            }
        }
        return new DeclaredUpstreams(places, sound);
    }
}
