package io.penstock.injector;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Rules that send a pod's own connections to some addresses to its sidecar instead. Connections of the sidecar's user go
 * where they are meant to, else what it relays would come back to it. Nothing else is touched.
 *
 * @param toPort the sidecar's port on the loopback of the address family
 * @param exemptUser the uid that the sidecar runs as
 */
public record RedirectRules(int toPort, int exemptUser, List<InetAddress> addresses, List<Integer> ports) {
    /** The name of the table or chain, which is replaced where it is there already. */
    private static final String NAME = "penstock";

    static final String CHAIN = "PENSTOCK";

    /** A family of addresses and what it is called. */
    enum Family {
        IPV4("ip", "iptables"),
        IPV6("ip6", "ip6tables");

        private final String nft;
        private final String iptables;

        Family(String nft, String iptables) {
            this.nft = nft;
            this.iptables = iptables;
        }

        String iptables() {
            return iptables;
        }
    }

    /** Those families that there is an address of. */
    List<Family> families() {
        return List.of(Family.values()).stream()
                .filter(family -> !of(family).isEmpty())
                .toList();
    }

    /** A script for {@code nft -f -}: all of it takes effect, or none. */
    public String nft() {
        return families().stream().map(this::nft).collect(Collectors.joining());
    }

    private String nft(Family family) {
        String table = family.nft + " " + NAME;
        return """
                add table %1$s
                delete table %1$s
                table %1$s {
                  chain output {
                    type nat hook output priority -100; policy accept;
                    meta skuid %2$d return
                    %3$s daddr { %4$s } tcp dport { %5$s } redirect to :%6$d
                  }
                }
                """.formatted(table, exemptUser, family.nft, joined(of(family)), joined(ports), toPort);
    }

    /**
     * Input for {@code iptables-restore --noflush}, or {@code ip6tables-restore}.
     *
     * @param jump whether the chain has to be entered into OUTPUT, which does not lead there yet
     */
    String iptables(Family family, boolean jump) {
        StringBuilder rules = new StringBuilder("*nat\n");
        // Declaring a chain empties it.
        rules.append(":%s - [0:0]\n".formatted(CHAIN));
        rules.append("-A %s -m owner --uid-owner %d -j RETURN\n".formatted(CHAIN, exemptUser));
        for (String address : of(family)) {
            for (int port : ports) {
                rules.append("-A %s -d %s -p tcp -m tcp --dport %d -j REDIRECT --to-ports %d\n"
                        .formatted(CHAIN, address, port, toPort));
            }
        }
        if (jump) {
            rules.append("-A OUTPUT -p tcp -j %s\n".formatted(CHAIN));
        }
        return rules.append("COMMIT\n").toString();
    }

    private List<String> of(Family family) {
        return addresses.stream()
                .filter(address -> address instanceof Inet6Address == (family == Family.IPV6))
                .map(RedirectRules::text)
                .distinct()
                .toList();
    }

    /** Without the scope that Java appends to some IPv6 addresses. */
    private static String text(InetAddress address) {
        String text = address.getHostAddress();
        int scope = text.indexOf('%');
        return scope < 0 ? text : text.substring(0, scope);
    }

    private static String joined(Collection<?> parts) {
        return parts.stream().map(String::valueOf).collect(Collectors.joining(", "));
    }
}
