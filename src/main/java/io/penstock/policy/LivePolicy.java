package io.penstock.policy;

import io.penstock.policy.Problem.Severity;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * The policy in force and how it changes. Each {@link #poll()} looks at the file; a changed content is read whole, then told to
 * the listeners, then put in force; where any of that fails, the policy in force stays. Content is compared, not time stamps:
 * Kubernetes swaps a mounted ConfigMap by a symlink above the file.
 *
 * <p>Reading is thread-safe and never waits; polls wait for one another.
 */
final class LivePolicy implements PolicySource {
    private static final Logger LOG = Logger.getLogger(LivePolicy.class);

    private final PolicyPlace place;
    private final Supplier<FileContent> file;
    private final PolicyReader reader;
    private final Iterable<ReloadListener> reloadListeners;
    private final Clock clock;
    private final List<Consumer<Policy>> listeners = new CopyOnWriteArrayList<>();

    /** The content that was judged last, good or not. */
    private String seen;

    /** Whether that content may turn good by itself: what it refers to may come into being. */
    private boolean mayMend;

    private volatile InForce inForce;

    /** Policy and status, which change together. */
    private record InForce(Policy policy, Status status) {}

    /**
     * Reads the file for the first time.
     *
     * @throws InvalidPolicyException where the file is wrong, or is not there though the operator named it
     */
    LivePolicy(
            PolicyPlace place,
            Supplier<FileContent> file,
            References references,
            Iterable<ReloadListener> reloadListeners,
            Clock clock) {
        this.place = place;
        this.file = file;
        this.reader = new PolicyReader(references, place.path());
        this.reloadListeners = reloadListeners;
        this.clock = clock;
        FileContent content = file.get();
        this.seen = fingerprint(content);
        PolicyReading reading = read(content, true);
        if (reading instanceof PolicyReading.Invalid invalid) {
            throw new InvalidPolicyException(place.path().toString(), invalid.problems());
        }
        PolicyReading.Valid valid = (PolicyReading.Valid) reading;
        this.inForce = inForce(valid.policy(), clock.instant());
        LOG.infof("policy %s from %s", status().version(), status().file());
        logWarnings(valid);
    }

    @Override
    public Policy current() {
        return inForce.policy();
    }

    /**
     * Adds a listener. One that throws keeps the new policy out of force, and those before it are then told of the old one
     * again, latest first.
     */
    @Override
    public void onChange(Consumer<Policy> listener) {
        listeners.add(listener);
    }

    @Override
    public Status status() {
        return inForce.status();
    }

    synchronized void poll() {
        FileContent content = file.get();
        String fingerprint = fingerprint(content);
        boolean changed = !fingerprint.equals(seen);
        if (!changed && !mayMend) {
            return;
        }
        seen = fingerprint;
        PolicyReading reading = read(content, isBuiltIn(current()));
        mayMend = reading instanceof PolicyReading.Invalid;
        if (reading instanceof PolicyReading.Valid valid) {
            load(valid);
        } else if (reading instanceof PolicyReading.Invalid invalid
                && (changed || !invalid.problems().equals(status().problems()))) {
            reject(invalid.problems());
        }
    }

    private PolicyReading read(FileContent content, boolean builtInWillDo) {
        if (content instanceof FileContent.Found found) {
            return reader.read(found.bytes());
        }
        FileContent.Unusable unusable = (FileContent.Unusable) content;
        if (unusable.absent() && builtInWillDo && !place.named()) {
            return new PolicyReading.Valid(BuiltInPolicy.policy(), List.of());
        }
        return new PolicyReading.Invalid(List.of(new Problem(Severity.ERROR, "", 0, unusable.why())));
    }

    private void load(PolicyReading.Valid valid) {
        InForce before = inForce;
        Policy next = valid.policy();
        if (next.version().equals(before.policy().version())) {
            inForce = inForce(before.policy(), before.status().loadedAt());
            LOG.infof("policy file again holds policy %s, which is in force", next.version());
        } else if (told(next)) {
            inForce = inForce(next, clock.instant());
            LOG.infof(
                    "policy %s replaces %s, from %s",
                    next.version(), before.policy().version(), status().file());
            logWarnings(valid);
        } else {
            reject(List.of(new Problem(
                    Severity.ERROR,
                    "",
                    0,
                    "could not be put in force: the log of this moment says why; mend and save")));
            return;
        }
        tellOfReload(listener -> listener.loaded(current()));
    }

    private void reject(List<Problem> problems) {
        InForce kept = inForce;
        inForce = new InForce(
                kept.policy(),
                new Status(
                        place.path().toString(),
                        kept.policy().version(),
                        kept.status().loadedAt(),
                        problems));
        LOG.warnf(
                "changed policy file refused, policy %s stays in force:\n%s",
                kept.policy().version(), PolicyReport.screen(place.path().toString(), problems));
        tellOfReload(listener -> listener.rejected(problems));
    }

    /** Whether all listeners took the policy. */
    private boolean told(Policy next) {
        Deque<Consumer<Policy>> told = new ArrayDeque<>();
        for (Consumer<Policy> listener : listeners) {
            try {
                listener.accept(next);
                told.push(listener);
            } catch (RuntimeException e) {
                LOG.warnf(e, "policy %s could not be put in force", next.version());
                told.forEach(this::tellOfCurrent);
                return false;
            }
        }
        return true;
    }

    private void tellOfCurrent(Consumer<Policy> listener) {
        try {
            listener.accept(current());
        } catch (RuntimeException e) {
            LOG.errorf(e, "policy %s could not be restored", current().version());
        }
    }

    private void tellOfReload(Consumer<ReloadListener> event) {
        for (ReloadListener listener : reloadListeners) {
            try {
                event.accept(listener);
            } catch (RuntimeException e) {
                LOG.error("a reload listener failed", e);
            }
        }
    }

    private InForce inForce(Policy policy, Instant since) {
        String from = isBuiltIn(policy) ? BuiltInPolicy.VERSION : place.path().toString();
        return new InForce(policy, new Status(from, policy.version(), since, List.of()));
    }

    private void logWarnings(PolicyReading.Valid valid) {
        if (!valid.warnings().isEmpty()) {
            LOG.warnf(
                    "policy %s has warnings:\n%s",
                    valid.policy().version(), PolicyReport.screen(place.path().toString(), valid.warnings()));
        }
    }

    private static boolean isBuiltIn(Policy policy) {
        return policy.version().equals(BuiltInPolicy.VERSION);
    }

    private static String fingerprint(FileContent content) {
        return content instanceof FileContent.Found found
                ? ContentHash.of(found.bytes())
                : ((FileContent.Unusable) content).why();
    }
}
