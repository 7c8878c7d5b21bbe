package io.penstock.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleNameStartingWith;
import static com.tngtech.archunit.lang.conditions.ArchPredicates.are;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Who may know whom. Plain tests over ArchUnit's core: its JUnit engine can run no test at all and stay green. */
class PackageDependenciesTest {
    private static final String ROOT = "io.penstock";

    /** The packages there may be and, for each, those of Penstock's own that it may use. */
    private static final Map<String, Set<String>> MAY_USE = Map.ofEntries(
            entry("dialect", Set.of()),
            entry("classify", Set.of("dialect")),
            entry("policy", Set.of("classify", "dialect")),
            entry("breaker", Set.of("classify", "policy")),
            entry("record", Set.of("classify", "dialect", "policy")),
            entry("upstream", Set.of("breaker", "classify", "dialect", "policy")),
            entry("telemetry", Set.of("breaker", "classify", "dialect", "policy", "record", "upstream")),
            entry("relay", Set.of("breaker", "classify", "dialect", "policy", "record", "telemetry", "upstream")),
            entry("admin", Set.of("breaker", "classify", "dialect", "policy", "record", "telemetry", "upstream")),
            entry(
                    "gateway",
                    Set.of(
                            "admin",
                            "breaker",
                            "classify",
                            "dialect",
                            "policy",
                            "record",
                            "relay",
                            "telemetry",
                            "upstream")),
            entry("simulator", Set.of("dialect")),
            entry("injector", Set.of("policy", "telemetry")),
            entry(
                    "cli",
                    Set.of(
                            "admin",
                            "breaker",
                            "classify",
                            "dialect",
                            "gateway",
                            "injector",
                            "policy",
                            "record",
                            "relay",
                            "simulator",
                            "telemetry",
                            "upstream")));

    /** Libraries that only the named packages may touch, so that each can be replaced in one place. */
    private static final Map<String, Set<String>> LIBRARY_OF = Map.of(
            "picocli..", Set.of("cli"),
            "org.yaml..", Set.of("policy"),
            "io.micrometer..", Set.of("telemetry"),
            "io.smallrye.faulttolerance..", Set.of("breaker"),
            "org.eclipse.microprofile.health..", Set.of("admin", "injector"));

    /** The container makes client proxies of these by subclassing them. */
    private static final List<String> BEANS =
            List.of("jakarta.enterprise.context.ApplicationScoped", "jakarta.inject.Singleton");

    private static final JavaClasses MAIN = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_JARS)
            .importPackages(ROOT);

    @Test
    void rulesSeeTheClassesOfEveryBuiltPackage() {
        assertThat(MAIN.size()).as("classes under %s", ROOT).isGreaterThan(40);
        assertThat(MAIN.contain("io.penstock.classify.Category")).isTrue();
        assertThat(MAIN).noneMatch(type -> type.getSimpleName().endsWith("Test"));
    }

    @Test
    void everyClassLivesInAPackageOfTheDesign() {
        Set<String> known =
                MAY_USE.keySet().stream().map(name -> ROOT + "." + name).collect(Collectors.toSet());

        assertThat(MAIN).allSatisfy(type -> assertThat(type.getPackageName())
                .as("package of %s", type.getName())
                .isIn(known));
    }

    @Test
    void packagesUseOnlyThoseBelowThem() {
        MAY_USE.forEach((name, used) -> {
            String[] own = Stream.concat(Stream.of(name), used.stream())
                    .map(PackageDependenciesTest::pattern)
                    .toArray(String[]::new);
            noClasses()
                    .that()
                    .resideInAPackage(pattern(name))
                    .should()
                    .dependOnClassesThat(resideInAPackage(ROOT + "..").and(resideOutsideOfPackages(own)))
                    .because("%s may use only %s".formatted(name, used))
                    .allowEmptyShould(true)
                    .check(MAIN);
        });
    }

    @Test
    void theAllowedDependenciesHaveNoCycle() {
        Set<String> placed = Set.of();
        while (placed.size() < MAY_USE.size()) {
            Set<String> below = placed;
            Set<String> next = MAY_USE.entrySet().stream()
                    .filter(entry -> below.containsAll(entry.getValue()))
                    .map(Map.Entry::getKey)
                    .collect(Collectors.toSet());
            assertThat(next).as("packages that rest on %s alone", below).hasSizeGreaterThan(below.size());
            placed = next;
        }
    }

    @Test
    void packagesFormNoCycle() {
        slices().matching(ROOT + ".(*)..").should().beFreeOfCycles().check(MAIN);
    }

    @Test
    void meaningKnowsNothingOfServers() {
        String[] servers = {"io.vertx..", "io.netty..", "io.quarkus..", "io.smallrye..", "jakarta.."};
        noClasses()
                .that()
                .resideInAnyPackage(pattern("classify"), pattern("dialect"))
                .should()
                .dependOnClassesThat(resideInAnyPackage(servers))
                .check(MAIN);
        // The watched file is the one part of `policy` that a container has to start and stop.
        noClasses()
                .that(resideInAPackage(pattern("policy")).and(not(simpleNameStartingWith("PolicyFile"))))
                .should()
                .dependOnClassesThat(resideInAnyPackage(servers))
                .check(MAIN);
        noClasses()
                .that()
                .resideInAPackage(pattern("policy"))
                .should()
                .dependOnClassesThat(resideInAnyPackage("io.vertx..", "io.netty.."))
                .check(MAIN);
    }

    @Test
    void librariesStayInTheirPackage() {
        LIBRARY_OF.forEach((library, owners) -> noClasses()
                .that(resideOutsideOfPackages(
                        owners.stream().map(PackageDependenciesTest::pattern).toArray(String[]::new)))
                .should()
                .dependOnClassesThat(resideInAPackage(library))
                .because("%s belongs to %s".formatted(library, owners))
                .check(MAIN));
    }

    @Test
    void onlyPublicPartsOfVertxAreUsed() {
        // A provider that breaks off rudely has to reach the socket under Vert.x, which nothing public leads to.
        noClasses()
                .that()
                .doNotHaveFullyQualifiedName("io.penstock.simulator.Wire")
                .should()
                .dependOnClassesThat(resideInAnyPackage("io.vertx..impl", "io.vertx..impl.."))
                .check(MAIN);
    }

    @Test
    void classesAreFinalUnlessTheContainerSubclassesThem() {
        classes()
                .that(are(not(openForAReason())))
                .should()
                .haveModifier(JavaModifier.FINAL)
                .check(MAIN);
    }

    private static DescribedPredicate<JavaClass> openForAReason() {
        return describe(
                "anonymous, interfaces, abstract classes, enums or beans",
                type -> type.isAnonymousClass()
                        || type.isInterface()
                        || type.isEnum()
                        || type.getModifiers().contains(JavaModifier.ABSTRACT)
                        || BEANS.stream().anyMatch(type::isAnnotatedWith));
    }

    private static String pattern(String name) {
        return ROOT + "." + name + "..";
    }
}
