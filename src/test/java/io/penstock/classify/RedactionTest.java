package io.penstock.classify;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RedactionTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Incorrect API key provided: sk-abcdef1234567890. See docs|Incorrect API key provided: *** See docs",
                "key sk-ant-api03-AAAA_bbbb-1234 refused|key *** refused",
                "key sk-proj-********wxyz refused|key *** refused",
                "(sk-or-v1-0123456789abcdef)|(***)",
                "gsk_abcdefghijklmnop1234|***",
                "AIzaSyA-1234567890abcdefghijklmnopqrstu|***",
                "Authorization: Bearer abc.def-123 was refused|Authorization: Bearer *** was refused",
                "https://x/v1?alt=sse&key=abc123&x=1|https://x/v1?alt=sse&key=***&x=1",
                "api_key=abc123|api_key=***",
                "token eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIx.sig_1 expired|token *** expired",
                "azure 0123456789abcdef0123456789abcdef end|azure *** end",
                "b64 QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWZn+w== end|b64 *** end",
                "AKIAIOSFODNN7EXAMPLE|***"
            })
    void masksWhatLooksLikeACredential(String text, String masked) {
        assertThat(Redaction.mask(text)).isEqualTo(masked);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "The model `gpt-4.1-nano-wrong` does not exist",
                "mistralai/Mistral-Small-24B-Instruct-2501 is not available in the serverless tier",
                "request req_011CSHoEeqs5C35K2UUqR7Fy took 0.352942s",
                "team 00000000-0000-0000-0000-000000000000 has used all credits",
                "max_tokens=65536 exceeds 4096; monkey=banana",
                "a bearer of bad news",
                "Pneumonoultramicroscopicsilicovolcanoconiosis"
            })
    void leavesOrdinaryTextAlone(String text) {
        assertThat(Redaction.mask(text)).isEqualTo(text);
    }

    @Test
    void cutsForARecordAfterMasking() {
        String text = "x".repeat(Redaction.MAX_MESSAGE_BYTES - 6) + " sk-abcdef1234567890";
        assertThat(Redaction.forRecord(text)).endsWith(" ***").doesNotContain("sk-");
        assertThat(Redaction.forRecord("ü".repeat(2000)).getBytes(StandardCharsets.UTF_8))
                .hasSize(1024);
    }

    @Property
    void cutsOnACharacterBoundaryAndNoEarlierThanItMust(@ForAll String text, @ForAll @IntRange(max = 40) int max) {
        String cut = Redaction.cut(text, max);
        assertThat(text).startsWith(cut);
        assertThat(cut.getBytes(StandardCharsets.UTF_8).length).isLessThanOrEqualTo(max);
        if (cut.length() < text.length()) {
            assertThat(Character.isLowSurrogate(text.charAt(cut.length()))
                            && !cut.isEmpty()
                            && Character.isHighSurrogate(cut.charAt(cut.length() - 1)))
                    .isFalse();
        } else {
            assertThat(cut).isEqualTo(text);
        }
    }

    @Property
    void neverThrows(@ForAll String text) {
        assertThat(Redaction.mask(text)).isNotNull();
    }
}
