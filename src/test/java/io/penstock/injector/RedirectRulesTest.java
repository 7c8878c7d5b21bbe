package io.penstock.injector;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.junit.jupiter.api.Test;

class RedirectRulesTest {

    @Test
    void exemptsTheSidecarAndNamesOnlyTheseHostsAndPorts() throws UnknownHostException {
        RedirectRules rules = rules("10.0.0.7", "10.0.0.8");

        assertThat(rules.nft()).isEqualTo("""
                add table ip penstock
                delete table ip penstock
                table ip penstock {
                  chain output {
                    type nat hook output priority -100; policy accept;
                    meta skuid 65532 return
                    ip daddr { 10.0.0.7, 10.0.0.8 } tcp dport { 80, 8000 } redirect to :4100
                  }
                }
                """);
        assertThat(rules.iptables(RedirectRules.Family.IPV4, true)).isEqualTo("""
                *nat
                :PENSTOCK - [0:0]
                -A PENSTOCK -m owner --uid-owner 65532 -j RETURN
                -A PENSTOCK -d 10.0.0.7 -p tcp -m tcp --dport 80 -j REDIRECT --to-ports 4100
                -A PENSTOCK -d 10.0.0.7 -p tcp -m tcp --dport 8000 -j REDIRECT --to-ports 4100
                -A PENSTOCK -d 10.0.0.8 -p tcp -m tcp --dport 80 -j REDIRECT --to-ports 4100
                -A PENSTOCK -d 10.0.0.8 -p tcp -m tcp --dport 8000 -j REDIRECT --to-ports 4100
                -A OUTPUT -p tcp -j PENSTOCK
                COMMIT
                """);
    }

    @Test
    void writesRulesForTheFamiliesThatThereAreAddressesOf() throws UnknownHostException {
        assertThat(rules("10.0.0.7").families()).containsExactly(RedirectRules.Family.IPV4);
        assertThat(rules("10.0.0.7", "fd00::7").families())
                .containsExactly(RedirectRules.Family.IPV4, RedirectRules.Family.IPV6);
        assertThat(rules("fd00::7").nft()).contains("table ip6 penstock").contains("ip6 daddr { fd00:0:0:0:0:0:0:7 }");
    }

    private static RedirectRules rules(String... addresses) throws UnknownHostException {
        List<InetAddress> parsed = new java.util.ArrayList<>();
        for (String address : addresses) {
            parsed.add(InetAddress.getByName(address));
        }
        return new RedirectRules(4100, 65532, parsed, List.of(80, 8000));
    }
}
