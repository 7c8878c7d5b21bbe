package io.penstock.policy;

import io.penstock.classify.Category;
import io.penstock.classify.Failover;
import io.penstock.dialect.Dialect;
import io.penstock.policy.RoutePolicy.Hold;
import io.penstock.policy.RoutePolicy.ModelMapping;
import io.penstock.policy.RoutePolicy.Target;
import io.penstock.policy.RoutePolicy.WhenAllOpen;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads one element of {@code routes}. */
final class RouteReader {
    private static final int MOST_IN_FLIGHT = 1_000_000;
    private static final int MOST_FRAMES = 1_000_000;
    private static final long MOST_HELD = 16L << 20;
    private static final int LARGEST_WINDOW = 100_000_000;
    private static final Map<String, WhenAllOpen> WHEN_ALL_OPEN =
            Choices.of("refuse", WhenAllOpen.REFUSE, "try", WhenAllOpen.TRY);
    /** What fails over where an operator says so, and only there. */
    private static final Map<String, Category> BY_CHOICE = Category.builtIn().stream()
            .filter(category -> category.reaction().failover() == Failover.OPT_IN)
            .collect(Collectors.toUnmodifiableMap(Category::name, Function.identity()));

    private final TargetCheck targetCheck;
    private final HostsReader hosts = new HostsReader();

    RouteReader(TargetCheck targetCheck) {
        this.targetCheck = targetCheck;
    }

    /** The route, or null where it lacks what every route has. */
    @Nullable
    RoutePolicy read(String name, Section section) {
        Value dialectValue = section.required("dialect", "openai");
        Dialect dialect = dialectValue == null ? null : dialectValue.choice(Choices.RELAYED_DIALECTS);
        List<Target> targets = targets(dialect, section);
        Value inFlight = section.get("maxInFlight");
        RoutePolicy route = new RoutePolicy(
                name,
                dialect == null ? Dialect.OPENAI : dialect,
                section.duration("deadline", PolicyDefaults.DEADLINE),
                targets,
                allowPaths(section.elements("allowPaths")),
                section.bytes("maxRequestBytes", PolicyDefaults.MAX_REQUEST_BYTES),
                inFlight == null ? null : inFlight.integer(1, MOST_IN_FLIGHT),
                section.duration("maxRetryAfter", PolicyDefaults.MAX_RETRY_AFTER),
                hold(section.section("hold", Keys.HOLD)),
                failoverOn(section.elements("failoverOn")),
                section.choice("whenAllOpen", WhenAllOpen.REFUSE, WHEN_ALL_OPEN),
                hosts.read(section.elements("hosts")));
        return dialect == null ? null : route;
    }

    private static Hold hold(Section section) {
        Hold otherwise = PolicyDefaults.HOLD;
        Value bytes = section.get("bytes");
        Long size = bytes == null ? null : bytes.bytes();
        if (bytes != null && size != null && size > MOST_HELD) {
            bytes.error("is more than 16MiB, and every stream under way may hold as much: choose less");
            size = null;
        }
        Value time = section.get("time");
        return new Hold(
                section.integer("frames", otherwise.frames(), 1, MOST_FRAMES),
                size == null ? otherwise.bytes() : size.intValue(),
                time == null ? otherwise.time() : time.duration());
    }

    private List<Target> targets(@Nullable Dialect dialect, Section section) {
        Value list = section.required("upstreams", "[{name: primary}]");
        if (list == null) {
            return List.of();
        }
        List<Value> elements = list.elements();
        if (elements.isEmpty() && list.isList()) {
            list.error("is an empty list: a route needs at least one upstream, such as {name: primary}");
        }
        TargetCheck.OfRoute check = targetCheck.ofRoute(dialect);
        List<Target> targets = new ArrayList<>();
        for (Value element : elements) {
            Section target = element.section(Keys.TARGET);
            Value nameValue = target == null ? null : target.required("name", "primary");
            String name = nameValue == null ? null : nameValue.text();
            if (target == null) {
                continue;
            }
            if (nameValue != null && name != null) {
                check.target(name, nameValue);
            }
            targets.add(new Target(
                    name == null ? "" : name,
                    target.integer("priority", PolicyDefaults.PRIORITY, 0, 1_000),
                    target.integer("weight", PolicyDefaults.WEIGHT, 1, 1_000),
                    models(target),
                    contextWindow(target.get("contextWindow"))));
        }
        return List.copyOf(targets);
    }

    private static List<ModelMapping> models(Section target) {
        List<ModelMapping> models = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (Value element : target.elements("models")) {
            Section model = element.section(Keys.MODEL);
            Value from = model == null ? null : model.required("from", "gpt-5");
            Value to = model == null ? null : model.required("to", "gpt-5-prod");
            String fromText = from == null ? null : from.text();
            String toText = to == null ? null : to.text();
            if (from == null || fromText == null || toText == null) {
                continue;
            }
            if (!seen.add(fromText)) {
                from.error("maps " + Value.shown(fromText) + " a second time: remove one of them");
            }
            models.add(new ModelMapping(fromText, toText));
        }
        return List.copyOf(models);
    }

    private static int contextWindow(@Nullable Value tokens) {
        Integer declared = tokens == null ? null : tokens.integer(1, LARGEST_WINDOW);
        return declared == null ? 0 : declared;
    }

    private static Set<Category> failoverOn(List<Value> elements) {
        Set<Category> categories = new LinkedHashSet<>();
        for (Value element : elements) {
            Category category = element.choice(BY_CHOICE);
            if (category != null && !categories.add(category)) {
                element.error("is there twice: remove one of them");
            }
        }
        return Collections.unmodifiableSet(categories);
    }

    private static List<String> allowPaths(List<Value> elements) {
        List<String> paths = new ArrayList<>();
        for (Value element : elements) {
            String path = element.text();
            if (path != null && !path.matches("/[!-~&&[^?#]]*")) {
                element.error("found " + Value.shown(path)
                        + ", expected a path below the route that starts with /, such as /v1/files/*");
            } else if (path != null) {
                paths.add(path);
            }
        }
        return List.copyOf(paths);
    }
}
