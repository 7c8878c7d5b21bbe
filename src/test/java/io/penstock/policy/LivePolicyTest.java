package io.penstock.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LivePolicyTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final String BAD = "routes: []";

    private final List<String> events = new ArrayList<>();
    private final Set<String> variables = new HashSet<>();
    private Instant now = START;

    private final Path directory;
    private final Path file;

    LivePolicyTest(@TempDir Path directory) {
        this.directory = directory;
        this.file = directory.resolve("penstock.yaml");
    }

    @Test
    void readsTheFileAtTheStart() {
        write(good("one"));

        LivePolicy live = open(true);

        assertThat(live.current().routes()).extracting(RoutePolicy::name).containsExactly("one");
        assertThat(live.status())
                .isEqualTo(
                        new PolicySource.Status(file.toString(), live.current().version(), START, List.of()));
        assertThat(events).isEmpty();
    }

    @Test
    void refusesToStartWithAWrongFileAndSaysWhy() {
        write("upstreams:\n  - {name: a, dialect: openai}\n");

        assertThatThrownBy(() -> open(true))
                .isInstanceOfSatisfying(
                        InvalidPolicyException.class,
                        e -> assertThat(e.problems()).extracting(Problem::path).contains("upstreams[0] (a).url"))
                .hasMessageContaining(file + ":2  upstreams[0] (a).url\n    is missing: add it")
                .hasMessageContaining("1 error, 1 warning");
    }

    @Test
    void refusesToStartWithoutTheFileThatTheOperatorNamed() {
        assertThatThrownBy(() -> open(true))
                .isInstanceOf(InvalidPolicyException.class)
                .hasMessageContaining(file + "\n    does not exist: check the path");
    }

    @Test
    void findsTheReasonOfAFailedStartUnderWhatTheContainerWrapsAroundIt() {
        InvalidPolicyException reason = new InvalidPolicyException("f", List.of());

        assertThat(InvalidPolicyException.among(new IllegalStateException(new RuntimeException(reason))))
                .contains(reason);
        assertThat(InvalidPolicyException.among(new IllegalStateException())).isEmpty();
    }

    @Test
    void withoutAFileInTheDefaultPlaceTheBuiltInPolicyHolds() {
        LivePolicy live = open(false);

        live.poll();

        assertThat(live.current()).isEqualTo(BuiltInPolicy.policy());
        assertThat(live.status()).isEqualTo(new PolicySource.Status("built-in", "built-in", START, List.of()));
        assertThat(events).isEmpty();
    }

    @Test
    void aFileThatAppearsInTheDefaultPlaceReplacesTheBuiltInPolicy() {
        LivePolicy live = open(false);

        write(good("one"));
        live.poll();

        assertThat(live.status().file()).isEqualTo(file.toString());
        assertThat(events).containsExactly("loaded one");
    }

    @Test
    void aGoodChangeGoesToTheListenersInOrderBeforeItIsInForce() {
        write(good("one"));
        LivePolicy live = open(true);
        live.onChange(policy -> events.add("first " + name(policy) + ", in force " + name(live.current())));
        live.onChange(policy -> events.add("second " + name(policy) + ", in force " + name(live.current())));

        write(good("two"));
        now = START.plusSeconds(60);
        live.poll();

        assertThat(events).containsExactly("first two, in force one", "second two, in force one", "loaded two");
        assertThat(name(live.current())).isEqualTo("two");
        assertThat(live.status().loadedAt()).isEqualTo(now);
        assertThat(live.status().version()).isEqualTo(live.current().version());
    }

    @Test
    void anUnchangedFileIsNoEvent() {
        write(good("one"));
        LivePolicy live = open(true);

        write(good("one"));
        live.poll();

        assertThat(events).isEmpty();
    }

    @Test
    void seesAConfigMapThatIsSwappedByASymlink() throws IOException {
        Path first = Files.createDirectory(directory.resolve("..1"));
        Path second = Files.createDirectory(directory.resolve("..2"));
        Files.writeString(first.resolve("penstock.yaml"), good("one"));
        Files.writeString(second.resolve("penstock.yaml"), good("two"));
        Path data = Files.createSymbolicLink(directory.resolve("..data"), first);
        Files.createSymbolicLink(file, Path.of("..data", "penstock.yaml"));
        LivePolicy live = open(true);

        Path next = Files.createSymbolicLink(directory.resolve("..tmp"), second);
        Files.move(next, data, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        live.poll();

        assertThat(name(live.current())).isEqualTo("two");
    }

    @Test
    void aBadChangeChangesNothingAndShowsOnce() {
        write(good("one"));
        LivePolicy live = open(true);
        live.onChange(policy -> events.add("told of " + policy));

        write(BAD);
        live.poll();
        live.poll();

        assertThat(events).containsExactly("rejected routes");
        assertThat(name(live.current())).isEqualTo("one");
        assertThat(live.status().upToDate()).isFalse();
        assertThat(live.status().version()).isEqualTo(live.current().version());
        assertThat(live.status().problems()).extracting(Problem::path).containsExactly("routes");
    }

    @Test
    void theOldContentIsUpToDateAgainWithoutTellingTheListeners() {
        write(good("one"));
        LivePolicy live = open(true);
        live.onChange(policy -> events.add("told of " + policy));
        write(BAD);
        live.poll();

        write(good("one"));
        now = START.plusSeconds(60);
        live.poll();

        assertThat(events).containsExactly("rejected routes", "loaded one");
        assertThat(live.status().upToDate()).isTrue();
        assertThat(live.status().loadedAt()).isEqualTo(START);
    }

    @Test
    void aFileThatVanishesKeepsThePolicyInForce() throws IOException {
        write(good("one"));
        LivePolicy live = open(false);

        Files.delete(file);
        live.poll();

        assertThat(name(live.current())).isEqualTo("one");
        assertThat(live.status().problems())
                .extracting(Problem::message)
                .singleElement()
                .asString()
                .startsWith("does not exist");
    }

    @Test
    void aSecretThatComesLateMendsARefusedFileWithoutAChangeOfIt() {
        write(good("one"));
        LivePolicy live = open(true);
        write(good("two") + "    credentials: [{env: LATE}]\n");
        live.poll();
        live.poll();

        variables.add("LATE");
        live.poll();

        assertThat(events).containsExactly("rejected upstreams[0] (u).credentials[0].env", "loaded two");
        assertThat(live.status().upToDate()).isTrue();
    }

    @Test
    void aListenerThatThrowsKeepsThePolicyOutOfForceAndTheOthersAreToldOfTheOldOne() {
        write(good("one"));
        LivePolicy live = open(true);
        live.onChange(policy -> events.add("first " + name(policy)));
        live.onChange(policy -> {
            throw new IllegalStateException("no");
        });
        live.onChange(policy -> events.add("third " + name(policy)));

        write(good("two"));
        live.poll();
        live.poll();

        assertThat(events).containsExactly("first two", "first one", "rejected ");
        assertThat(name(live.current())).isEqualTo("one");
        assertThat(live.status().upToDate()).isFalse();
    }

    @Test
    void aFailingReloadListenerDoesNotKeepTheOthersFromHearing() {
        write(good("one"));
        ReloadListener broken = new ReloadListener() {
            @Override
            public void loaded(Policy policy) {
                throw new IllegalStateException("no");
            }

            @Override
            public void rejected(List<Problem> problems) {
                throw new IllegalStateException("no");
            }
        };
        LivePolicy live = open(true, List.of(broken, new Recording()));

        write(good("two"));
        live.poll();
        write(BAD);
        live.poll();

        assertThat(events).containsExactly("loaded two", "rejected routes");
    }

    private LivePolicy open(boolean named) {
        return open(named, List.of(new Recording()));
    }

    private LivePolicy open(boolean named, List<ReloadListener> listeners) {
        PolicyPlace place = new PolicyPlace(file, named);
        Clock clock = new Clock() {
            @Override
            public ZoneOffset getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
                return this;
            }

            @Override
            public Instant instant() {
                return now;
            }
        };
        return new LivePolicy(place, place::content, new KnownReferences(variables, Set.of()), listeners, clock);
    }

    private void write(String yaml) {
        try {
            Files.writeString(file, yaml);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String good(String route) {
        return """
                routes: [{name: %s, dialect: openai, upstreams: [{name: u}]}]
                upstreams:
                  - name: u
                    url: https://u.example
                    dialect: openai
                """.formatted(route);
    }

    private static String name(Policy policy) {
        return policy.routes().get(0).name();
    }

    private final class Recording implements ReloadListener {
        @Override
        public void loaded(Policy policy) {
            events.add("loaded " + name(policy));
        }

        @Override
        public void rejected(List<Problem> problems) {
            events.add("rejected " + problems.get(0).path());
        }
    }
}
