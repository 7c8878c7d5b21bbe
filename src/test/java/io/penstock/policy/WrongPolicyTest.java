package io.penstock.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.policy.Problem.Severity;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the operator is told about a wrong file: the line, the path, and the way out. */
class WrongPolicyTest {
    /** A good file. The tests spoil one line of it. */
    private static final List<String> GOOD = """
            routes:
              - name: openai
                dialect: openai
                upstreams:
                  - name: primary
                  - name: azure-west
            upstreams:
              - name: primary
                url: https://api.openai.com
                dialect: openai
              - name: azure-west
                url: https://west.example
                dialect: openai
                credentials: [{env: AZURE_KEY}]
                timeouts: {connect: 2s}
            records: {store: memory}
            """.lines().toList();

    private final PolicyReader reader =
            new PolicyReader(new KnownReferences(Set.of("AZURE_KEY"), Set.of()), Path.of("/policies/penstock.yaml"));

    @Test
    void theFileThatTheseTestsSpoilIsGood() {
        assertThat(reader.read(String.join("\n", GOOD))).isInstanceOf(PolicyReading.Valid.class);
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            # line | spoilt line | line of the problem | path | words
            # --- required keys
            9  | `    `                                | 8  | upstreams[0] (primary).url | is missing: add it, such as url: https://api.openai.com
            10 | `    `                                | 8  | upstreams[0] (primary).dialect | is missing: add it, such as dialect: openai
            3  | `    `                                | 2  | routes[0] (openai).dialect | is missing: add it, such as dialect: openai
            9  | `    url:`                            | 9  | upstreams[0] (primary).url | found no value, expected text
            # --- durations
            15 | `    timeouts: {connect: 2 sec}`      | 15 | upstreams[1] (azure-west).timeouts.connect | found '2 sec', expected a duration: a whole number and a unit (ms, s, m, h), such as 2s
            15 | `    timeouts: {connect: 2}`          | 15 | upstreams[1] (azure-west).timeouts.connect | found '2', expected a duration
            15 | `    timeouts: {connect: 0s}`         | 15 | upstreams[1] (azure-west).timeouts.connect | more than 0
            15 | `    timeouts: {connect: 25h}`        | 15 | upstreams[1] (azure-west).timeouts.connect | at most 24h
            15 | `    timeouts: {connect: 1:30}`       | 15 | upstreams[1] (azure-west).timeouts.connect | found '1:30', expected a duration
            15 | `    timeouts: {connect: [2s]}`       | 15 | upstreams[1] (azure-west).timeouts.connect | found a list, expected a duration
            15 | `    timeouts: 2s`                    | 15 | upstreams[1] (azure-west).timeouts | found '2s', expected a mapping with the keys connect, firstContent, idle
            # --- keys, circuits and failover
            15 | `    keyRest: {cooling: 2s}`          | 15 | upstreams[1] (azure-west).keyRest.cooling | is not a key here (known: rateLimited, rejected, exhausted)
            15 | `    models: [gpt-5, upstream]`       | 15 | upstreams[1] (azure-west).models[1] | found 'upstream', which is no model's name
            15 | `    models: [gpt-5, gpt-5]`          | 15 | upstreams[1] (azure-west).models[1] | names 'gpt-5' a second time
            15 | `    circuit: {probe: {}}`            | 15 | upstreams[1] (azure-west).circuit.probe.path | is missing: add it, such as path: /v1/models
            15 | `    circuit: {probe: {path: models}}` | 15 | upstreams[1] (azure-west).circuit.probe.path | found 'models', expected a path that starts with /
            6  | `      - {name: azure-west, contextWindow: 0}` | 6 | routes[0] (openai).upstreams[1] (azure-west).contextWindow | expected a whole number from 1 to 100000000
            # --- unknown keys
            15 | `    timeouts: {firstContents: 2s}`   | 15 | upstreams[1] (azure-west).timeouts.firstContents | is not a key here; did you mean 'firstContent'?
            15 | `    timeouts: {first_content: 2s}`   | 15 | upstreams[1] (azure-west).timeouts.first_content | did you mean 'firstContent'?
            15 | `    timeots: {idle: 2s}`             | 15 | upstreams[1] (azure-west).timeots | did you mean 'timeouts'?
            15 | `    timeouts: {total: 2s}`           | 15 | upstreams[1] (azure-west).timeouts.total | is not a key here (known: connect, firstContent, idle)
            16 | `route: []`                           | 16 | route | did you mean 'routes'?
            16 | `? [a]`                               | 16 | (unknown key) | is not a key here
            15 | `    <<: {dialect: openai}`           | 15 | upstreams[1] (azure-west).<< | merge keys are not supported
            15 | `    url: https://x.example`          | 15 | upstreams[1] (azure-west).url | is there twice, first on line 12
            # --- references
            6  | `      - name: azure-wets`            | 6  | routes[0] (openai).upstreams[1] (azure-wets).name | names an upstream that is not declared: 'azure-wets'; did you mean 'azure-west'?
            6  | `      - name: mistral`               | 6  | routes[0] (openai).upstreams[1] (mistral).name | (declared: primary, azure-west): add it to upstreams
            6  | `      - name: anthropic`             | 6  | routes[0] (openai).upstreams[1] (anthropic).name | the built-in upstreams are there only while the file has no routes: add it to upstreams
            6  | `      - name: primary`               | 6  | routes[0] (openai).upstreams[1] (primary).name | a second time
            14 | `    credentials: [{env: OTHER_KEY}]` | 14 | upstreams[1] (azure-west).credentials[0].env | environment variable OTHER_KEY is not set: set it where Penstock runs
            14 | `    credentials: [{file: keys/a}]`   | 14 | upstreams[1] (azure-west).credentials[0].file | secret file /policies/keys/a does not exist
            14 | `    credentials: [{file: "a\\0"}]`   | 14 | upstreams[1] (azure-west).credentials[0].file | expected the path of a file
            15 | `    tls: {ca: /etc/ca.pem}`          | 15 | upstreams[1] (azure-west).tls.ca | CA file /etc/ca.pem does not exist
            # --- names
            2  | `  - name: penstock`                  | 2  | routes[0] (penstock).name | is reserved for the admin API
            2  | `  - name: 42`                        | 2  | routes[0] (42).name | found 42, which YAML does not read as text: put it in quotes
            # --- dialects
            3  | `    dialect: opnai`                  | 3  | routes[0] (openai).dialect | found 'opnai', expected one of openai, anthropic, gemini; did you mean 'openai'?
            3  | `    dialect: bedrock`                | 3  | routes[0] (openai).dialect | expected one of openai, anthropic, gemini
            13 | `    dialect: gemini`                 | 6  | routes[0] (openai).upstreams[1] (azure-west).name | upstream 'azure-west' speaks gemini, but the route speaks openai
            # --- credentials
            14 | `    credentials: passthrough`        | 6  | routes[0] (openai).upstreams[1] (azure-west).name | give 'azure-west' credentials of its own, or credentials: none, or the credentialGroup of 'primary'
            14 | `    credentials: []`                 | 14 | upstreams[1] (azure-west).credentials | is an empty list: add a key, or write passthrough or none
            14 | `    credentials: {env: AZURE_KEY}`   | 14 | upstreams[1] (azure-west).credentials | expected passthrough, none, or a list
            14 | `    credentials: [{env: AZURE_KEY, file: b}]` | 14 | upstreams[1] (azure-west).credentials[0] | expected either env or file
            14 | `    credentials: [{env: AZURE_KEY}, {env: AZURE_KEY}]` | 14 | upstreams[1] (azure-west).credentials[1] | refers to the same key as an element before it
            # --- URLs
            12 | `    url: west.example`               | 12 | upstreams[1] (azure-west).url | is not an absolute URL
            12 | `    url: "https://a b"`              | 12 | upstreams[1] (azure-west).url | is not a URL
            12 | `    url: ftp://west.example`         | 12 | upstreams[1] (azure-west).url | has the scheme 'ftp', expected http or https
            12 | `    url: https://`                   | 12 | upstreams[1] (azure-west).url | is not a URL
            12 | `    url: https:///v2`                | 12 | upstreams[1] (azure-west).url | has no valid host
            12 | `    url: https://my_host/`           | 12 | upstreams[1] (azure-west).url | has no valid host
            12 | `    url: https://west.example:0`     | 12 | upstreams[1] (azure-west).url | has the port 0, expected 1 to 65535
            12 | `    url: https://west.example:65536` | 12 | upstreams[1] (azure-west).url | has the port 65536, expected 1 to 65535
            12 | `    url: https://west.example/a/../b` | 12 | upstreams[1] (azure-west).url | write the path that is meant
            12 | `    url: https://west.example/a?b`   | 12 | upstreams[1] (azure-west).url | has a part behind ? or #: remove it
            # --- numbers and words
            15 | `    limits: {connections: 0}`        | 15 | upstreams[1] (azure-west).limits.connections | found '0', expected a whole number from 1 to 10000
            15 | `    limits: {pending: 010}`          | 15 | upstreams[1] (azure-west).limits.pending | found '010', expected a whole number from 0 to 100000
            15 | `    circuit: {failureRatio: 50%}`    | 15 | upstreams[1] (azure-west).circuit.failureRatio | found '50%', expected a number from 0.01 to 1
            15 | `    circuit: {failureRatio: .nan}`   | 15 | upstreams[1] (azure-west).circuit.failureRatio | found '.nan', expected a number from 0.01 to 1
            15 | `    retry: {baseDelay: 6s}`          | 15 | upstreams[1] (azure-west).retry | baseDelay is longer than maxDelay
            15 | `    http: http3`                     | 15 | upstreams[1] (azure-west).http | expected one of auto, http1, http2; did you mean
            16 | `records: {store: redis}`             | 16 | records.store | expected one of memory, file, postgres
            3  | `    dialect: openai\n    maxRequestBytes: 32MB` | 4 | routes[0] (openai).maxRequestBytes | expected a size: bytes as a whole number, or with a unit (KiB, MiB, GiB)
            3  | `    dialect: openai\n    maxRequestBytes: 2GiB` | 4 | routes[0] (openai).maxRequestBytes | from 1 to 1GiB
            3  | `    dialect: openai\n    allowPaths: [v1/files]` | 4 | routes[0] (openai).allowPaths[0] | expected a path below the route that starts with /
            3  | `    dialect: openai\n    hosts: ['llm:8000']` | 4 | routes[0] (openai).hosts[0] | in small letters and without a port
            3  | `    dialect: openai\n    hosts: [llm, llm]` | 4 | routes[0] (openai).hosts[1] | is on two routes or twice on one
            5  | `      - name: primary\n        models: [{from: a, to: b}, {from: a, to: c}]` | 6 | routes[0] (openai).upstreams[0] (primary).models[1].from | maps 'a' a second time
            5  | `      - name: primary\n        models: [{from: a}]` | 6 | routes[0] (openai).upstreams[0] (primary).models[0].to | is missing
            # --- not in this version, not YAML
            # --- categories
            16 | `categories: [{name: auth_error, type: unauthorized}]` | 16 | categories[0].name | is a category that Penstock has
            16 | `categories: [{name: Mine, type: unauthorized}]` | 16 | categories[0].name | expected small letters, digits and underscores
            16 | `categories: [{name: mine}]`          | 16 | categories[0] (mine).type | is missing: add it, such as type: bad_request
            16 | `categories: [{name: mine, type: bad}]` | 16 | categories[0] (mine).type | found 'bad', expected one of bad_request
            16 | `categories: [{name: mine, type: timeout, caller: true, retry: once}]` | 16 | categories[0] (mine) | a caller category ends the interception
            # --- rules
            16 | `rules: [{id: x, category: unknown}]` | 16 | rules[0] (x).pattern | is missing: add it, such as pattern: 'credit limit reached'
            16 | `rules: [{id: x, pattern: y}]`        | 16 | rules[0] (x).category | is missing: add it, such as category: quota_exhausted
            16 | `rules: [{pattern: y, category: unknown}]` | 16 | rules[0].id | is missing: add it, such as id: partner-quota
            16 | `rules: [{id: x, pattern: y, category: quota_exhuasted}]` | 16 | rules[0] (x).category | did you mean 'quota_exhausted'?
            16 | `rules: [{id: x, pattern: "(", category: unknown}]` | 16 | rules[0] (x).pattern | is not a regular expression in RE2's syntax: missing closing )
            16 | `rules: [{id: x, pattern: "(?=y)", category: unknown}]` | 16 | rules[0] (x).pattern | is not a regular expression in RE2's syntax
            16 | `rules: [{id: x, pattern: y, category: unknown, match: glob}]` | 16 | rules[0] (x).match | expected one of regex, contains, exact
            16 | `rules: [{id: x, pattern: y, category: unknown, status: 4xy}]` | 16 | rules[0] (x).status | expected a status such as 429, a range such as 500-599, or a class such as 4xx
            16 | `rules: [{id: x, pattern: y, category: unknown, status: [599-500]}]` | 16 | rules[0] (x).status[0] | ends before it begins: write 500-599
            16 | `rules: [{id: x, pattern: y, category: unknown, upstream: azure-wets}]` | 16 | rules[0] (x).upstream | did you mean 'azure-west'?
            16 | `rules: [{id: x, pattern: y, category: unknown, enabled: 1}]` | 16 | rules[0] (x).enabled | expected true or false
            16 | `rules: [{id: overloaded, pattern: y, category: unknown}]` | 16 | rules[0] (overloaded).id | is the id of a rule in the default catalogue
            16 | `rules: [{id: x, pattern: y, category: unknown, response: {}}]` | 16 | rules[0] (x).response | is empty: give it a status, a message or a body
            16 | `rules: [{id: x, pattern: y, category: unknown, response: {message: m, body: "{}"}}]` | 16 | rules[0] (x).response.body | stands beside a message
            16 | `rules: [{id: x, pattern: y, category: unknown, response: {body: "[]"}}]` | 16 | rules[0] (x).response.body | expected a JSON object
            16 | `rules: [{id: x, pattern: y, category: unknown, response: {status: 200}}]` | 16 | rules[0] (x).response.status | a whole number from 400 to 599
            16 | `rules: [{id: x, pattern: y, category: unknown, examples: {matches: [z]}}]` | 16 | rules[0] (x).examples.matches[0] | is not matched by the pattern: 'z'
            16 | `rules: [{id: x, pattern: y, category: unknown, examples: {ignores: [a, xyz]}}]` | 16 | rules[0] (x).examples.ignores[1] | is matched by the pattern: 'xyz'
            16 | `disabledRules: [over-loaded]`        | 16 | disabledRules[0] | did you mean 'overloaded'?
            16 | `\trecords: {}`                       | 16 | '' | (Do not use
            16 | `records: {`                          | 16 | '' | is not YAML
            16 | `records: *nothing`                   | 16 | '' | is not YAML: found undefined alias nothing
            16 | `---`                                 | 16 | '' | is not YAML: but found another document
            """)
    void namesThePlaceAndTheCure(int line, String spoilt, int problemLine, String path, String words) {
        List<String> lines = new ArrayList<>(GOOD);
        lines.set(line - 1, spoilt.replace("\\n", "\n").replace("\\t", "\t"));

        List<Problem> problems = invalid(String.join("\n", lines));

        String expectedPath = path.equals("''") ? "" : path;
        assertThat(problems).anySatisfy(problem -> {
            assertThat(problem.severity()).isEqualTo(Severity.ERROR);
            assertThat(problem.line()).isEqualTo(problemLine);
            assertThat(problem.path()).isEqualTo(expectedPath);
            assertThat(problem.message()).contains(words);
        });
        assertThat(problems).filteredOn(p -> p.severity() == Severity.ERROR).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            whenAllOpen: retry                              | whenAllOpen   | found 'retry', expected one of refuse, try
            whenAllOpen: Try                                | whenAllOpen   | did you mean 'try'?
            failoverOn: content_filter                      | failoverOn    | expected a list
            failoverOn: [overloaded]                        | failoverOn[0] | found 'overloaded', expected one of content_filter
            failoverOn: [content_filter, content_filter]    | failoverOn[1] | is there twice: remove one of them
            """)
    void namesWhatARouteMaySayOfFailures(String spoilt, String path, String words) {
        List<Problem> problems = invalid("""
                routes:
                  - name: r
                    dialect: openai
                    upstreams: [{name: u}]
                    %s
                upstreams: [{name: u, url: "https://u.example", dialect: openai}]
                """.formatted(spoilt));

        assertThat(problems).singleElement().satisfies(problem -> {
            assertThat(problem.path()).isEqualTo("routes[0] (r)." + path);
            assertThat(problem.line()).isEqualTo(5);
            assertThat(problem.message()).contains(words);
        });
    }

    @Test
    void twoRoutesWithOneNameAreBothPointedAt() {
        List<Problem> problems = invalid("""
                upstreams:
                  - {name: primary, url: "https://a.example", dialect: openai}
                routes:
                  - {name: chat, dialect: openai, upstreams: [{name: primary}]}
                  - {name: chat, dialect: openai, upstreams: [{name: primary}]}
                """);

        assertThat(problems)
                .containsExactly(
                        new Problem(
                                Severity.ERROR,
                                "routes[1] (chat).name",
                                5,
                                "is the name of two routes, first on line 4 and again on line 5: rename or remove one of them"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            routes: []                          | routes    | is an empty list: add a route, or remove the key
            routes: {}                          | routes    | found a mapping, expected a list
            `routes: [{name: a, dialect: openai, upstreams: []}]` | routes[0] (a).upstreams | a route needs at least one upstream
            routes: [chat]                      | routes[0] | found 'chat', expected a mapping with the keys name, dialect
            upstreams:                          | upstreams | found no value, expected a list
            records: 7                          | records   | found '7', expected a mapping with the keys store, capacity
            just words                          | ''        | found 'just words', expected a mapping with the keys routes, upstreams, categories, rules, disabledRules, records
            """)
    void theShapeOfTheFileIsJudgedToo(String yaml, String path, String words) {
        List<Problem> problems = invalid(yaml);

        assertThat(problems).singleElement().satisfies(problem -> {
            assertThat(problem.path()).isEqualTo(path.equals("''") ? "" : path);
            assertThat(problem.line()).isEqualTo(1);
            assertThat(problem.message()).contains(words);
        });
    }

    @Test
    void reportsAllProblemsAtOnceInTheOrderOfTheirLines() {
        List<Problem> problems = invalid("""
                routes:
                  - name: openai
                    dialect: opnai
                    deadlin: 5m
                    upstreams: [{name: nowhere}]
                upstreams:
                  - name: primary
                    url: api.openai.com
                    dialect: openai
                    credentials: [{env: NO_KEY}]
                    timeouts: {connect: soon, idle: never}
                records: {capacity: -1}
                """);

        assertThat(problems)
                .extracting(p -> p.line() + " " + p.path())
                .containsExactly(
                        "3 routes[0] (openai).dialect",
                        "4 routes[0] (openai).deadlin",
                        "5 routes[0] (openai).upstreams[0] (nowhere).name",
                        "7 upstreams[0] (primary).name",
                        "8 upstreams[0] (primary).url",
                        "10 upstreams[0] (primary).credentials[0].env",
                        "11 upstreams[0] (primary).timeouts.connect",
                        "11 upstreams[0] (primary).timeouts.idle",
                        "12 records.capacity");
    }

    @Test
    void anUpstreamWithProblemsOfItsOwnCountsAsDeclared() {
        List<Problem> problems = invalid("""
                routes:
                  - {name: openai, dialect: openai, upstreams: [{name: primary}]}
                upstreams:
                  - {name: primary, dialect: openai}
                """);

        assertThat(problems).extracting(Problem::path).containsExactly("upstreams[0] (primary).url");
    }

    @Test
    void anUpstreamThatReplacesABuiltInOneSpeaksItsDialect() {
        List<Problem> problems = invalid("upstreams: [{name: openai, url: 'https://x.example', dialect: gemini}]");

        assertThat(problems).singleElement().satisfies(problem -> {
            assertThat(problem.path()).isEqualTo("upstreams[0] (openai).name");
            assertThat(problem.message()).contains("write dialect: openai");
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "credentials: SECRET-1",
                "credentials: 5ECRET1",
                "credentials: [SECRET-1]",
                "credentials: [{SECRET-1}]",
                "credentials: [{env: SECRET-1}]",
                "credentials: {key: SECRET-1}",
                "apiKey: SECRET-1",
                "url: https://user:SECRET-1@host.example",
                "url: https://SECRET-1@host_with_underscore",
                "url: https://host.example/?key=SECRET-1",
                "url: https://host.example/#SECRET-1",
                "url: 'https://host.example/ SECRET-1'",
            })
    void neverShowsWhatMayBeASecret(String line) {
        List<Problem> problems = invalid("""
                routes: [{name: r, dialect: openai, upstreams: [{name: u}]}]
                upstreams:
                  - name: u
                    dialect: openai
                    %s
                """.formatted(line));

        assertThat(problems).isNotEmpty().allSatisfy(p -> assertThat(p.path() + p.message())
                .doesNotContainIgnoringCase("ECRET"));
    }

    @Test
    void warnsOfWhatWorksButMayNotBeMeant() {
        PolicyReading reading = reader.read("""
                routes: [{name: r, dialect: openai, upstreams: [{name: used}]}]
                upstreams:
                  - {name: used, url: "http://a.example/v1", dialect: openai, tls: {ca: ca.pem}}
                  - {name: idle, url: "https://b.example", dialect: openai}
                records: {store: file}
                """.replace(", tls: {ca: ca.pem}", ""));

        assertThat(reading).isInstanceOf(PolicyReading.Valid.class);
        List<Problem> warnings = ((PolicyReading.Valid) reading).warnings();
        assertThat(warnings).allSatisfy(p -> assertThat(p.severity()).isEqualTo(Severity.WARNING));
        assertThat(warnings)
                .extracting(p -> p.line() + " " + p.path() + " " + p.message())
                .satisfiesExactly(
                        url -> assertThat(url).startsWith("3 upstreams[0] (used).url ends in /v1"),
                        unused -> assertThat(unused).startsWith("4 upstreams[1] (idle).name no route uses"),
                        store -> assertThat(store)
                                .startsWith("5 records.store this version")
                                .contains("in memory"));
        assertThat(((PolicyReading.Valid) reading).policy().records().store()).isEqualTo(RecordsPolicy.Store.MEMORY);
    }

    @Test
    void warnsOfKeysThatNobodyHas() {
        PolicyReading reading = reader.read("""
                routes: [{name: r, dialect: openai, upstreams: [{name: u}]}]
                upstreams:
                  - name: u
                    url: https://u.example
                    dialect: openai
                    keyRest: {rejected: 5m}
                    circuit: {probe: {path: /v1/models}}
                """);

        assertThat(((PolicyReading.Valid) reading).warnings())
                .extracting(p -> p.line() + " " + p.path() + " " + p.message())
                .satisfiesExactly(
                        rest -> assertThat(rest).startsWith("6 upstreams[0] (u).keyRest has no effect"),
                        probe -> assertThat(probe).startsWith("7 upstreams[0] (u).circuit.probe carries no key"));
    }

    @Test
    void saysSoWhenTheFileIsNotText() {
        byte[] latin1 = "# gr\u00fc\u00df".getBytes(StandardCharsets.ISO_8859_1);

        assertThat(((PolicyReading.Invalid) reader.read(latin1)).problems())
                .containsExactly(new Problem(Severity.ERROR, "", 0, "is not text in UTF-8: save it in that encoding"));
    }

    @Test
    void deepNestingAndAliasBombsAreRefused() {
        assertThat(invalid("routes: " + "[".repeat(5_000))).hasSize(1);
        String bomb =
                "a: &a [x]\nb: [" + IntStream.range(0, 100).mapToObj(i -> "*a").collect(Collectors.joining(",")) + "]";
        assertThat(invalid(bomb)).hasSize(1);
    }

    @Test
    void aFileThatIsWrongInEveryLineIsReportedInPart() {
        String yaml = IntStream.range(0, 500).mapToObj(i -> "k" + i + ": 1").collect(Collectors.joining("\n"));

        List<Problem> problems = invalid(yaml);

        assertThat(problems).hasSize(101);
        assertThat(problems.get(100).message()).isEqualTo("and 400 more: mend these first");
    }

    private List<Problem> invalid(String yaml) {
        PolicyReading reading = reader.read(yaml);
        assertThat(reading).isInstanceOf(PolicyReading.Invalid.class);
        return ((PolicyReading.Invalid) reading).problems();
    }
}
