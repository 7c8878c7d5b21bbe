package io.penstock.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestTargetTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/openai/v1/chat/completions|openai|/v1/chat/completions|''",
                "/openai|openai|/|''",
                "/openai/|openai|/|''",
                "/|''|/|''",
                "/?x|''|/|?x",
                "/openai?x=1|openai|/|?x=1",
                "/gemini/v1beta/models/m:generateContent?alt=sse|gemini|/v1beta/models/m:generateContent|?alt=sse",
                "/openai/v1/a?b?c=/../..//&d=%zz|openai|/v1/a|?b?c=/../..//&d=%zz",
                "/openai/v1/%E4%BD%A0?|openai|/v1/%E4%BD%A0|?",
                "/openai/v1/a%2fb|openai|/v1/a%2fb|''",
                "/openai/v1/...|openai|/v1/...|''",
                "/openai/v1/.well-known/..a|openai|/v1/.well-known/..a|''",
                "/OPENAI/v1|OPENAI|/v1|''",
            })
    void splitsTheRouteOff(String target, String route, String path, String query) {
        assertThat(RequestTarget.parse(target)).isEqualTo(new RequestTarget.Parsed(route, path, query));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "*",
                "openai/v1/models",
                "http://api.openai.com/v1/models",
                "HTTPS://localhost/openai",
                "api.openai.com:443",
                "//openai/v1",
                "/openai//v1",
                "/openai/v1//",
                "/openai/../anthropic",
                "/openai/./v1",
                "/openai/..",
                "/openai/.",
                "/..",
                "/openai/%2e%2E/anthropic",
                "/openai/%2E./x",
                "/openai/.%2e",
                "/openai/..%2fx",
                "/openai/..%2Fx",
                "/openai/%2e%2e%2fx",
                "/openai%2f..%2fanthropic",
                "/openai/v1\\x",
                "/openai/v1%5cx",
                "/openai/v1%5Cx",
                "/openai/v1#frag",
                "/openai/v1?a#frag",
                "/openai/v1%",
                "/openai/v1%2",
                "/openai/v1%zz",
                "/openai/v1%00",
                "/openai/v1%0d%0aX:1",
                "/openai/v1%0D",
                "/openai/v1%1f",
                "/openai/v1%7F",
                "/openai/v1 x",
                "/openai/v1/models HTTP/1.1\r\nX-Smuggled: 1",
                "/openai/v1?a b",
                "/openai/v1?a\r\nX-Smuggled: 1",
                "/openai/v1?\u0000",
                "/openai/v1\u007f",
                "/openai/v1/\u4f60",
                "/openai/v1?q=\u00fc",
            })
    void refusesWhatCouldMeanSomethingElseToTheNextReader(String target) {
        assertThat(RequestTarget.parse(target)).isInstanceOf(RequestTarget.Unacceptable.class);
    }

    /** Whatever comes, it is either refused or relayed as it came. */
    @Property
    void takesTheTargetApartWithoutChangingIt(@ForAll("targets") String target) {
        if (RequestTarget.parse(target) instanceof RequestTarget.Parsed parsed) {
            String whole = "/" + parsed.route() + parsed.path() + parsed.query();
            String bare = "/" + parsed.route() + parsed.query();
            assertThat(target).isIn(whole, bare);
            assertThat(parsed.route()).doesNotContain("/", "?");
            assertThat(parsed.path()).startsWith("/").doesNotContain("//", "\\", "?", "/../");
            assertThat(parsed.query()).matches("(\\?.*)?");
            assertThat(target).matches("[!-~]+");
        }
    }

    /** A message that goes into the answer and the record repeats nothing of what was sent. */
    @Property
    void echoesNothing(@ForAll("targets") String target) {
        if (RequestTarget.parse(target + "sk-secret") instanceof RequestTarget.Unacceptable unacceptable) {
            assertThat(unacceptable.message()).doesNotContain("sk-secret");
        }
    }

    @Provide
    Arbitrary<String> targets() {
        Arbitrary<String> pieces = Arbitraries.oneOf(
                Arbitraries.of(
                        "/", "//", ".", "..", "%2e", "%2E", "%2f", "%5c", "\\", "?", "#", "%", "%4", "%00", "%25", " ",
                        "\r\n", "openai", "v1", ":", ";", "@", "http:", "*", "&", "=", "\u0001", "\u4f60"),
                Arbitraries.strings().ascii().ofMaxLength(4));
        return pieces.list()
                .ofMaxSize(12)
                .map(list -> String.join("", list))
                .flatMap(text -> Arbitraries.of("/" + text, text));
    }
}
