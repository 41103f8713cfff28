// The nftables rules behind which a guest sits. Chains, priorities and rules of table nat are KubeVirt's, so that what
// people know of its networks, and other programs that look at these chains, stays true.
import type { NetworkInterface } from "@knvirt/api";

export interface Translation {
  podLink: string;
  bridge: string;
  gateway: string;
  guest: string;
}

type Port = NonNullable<NetworkInterface["ports"]>[number];

/** Declared as a whole: tables that are there already are replaced in the same transaction. */
export function masqueradeRuleset(translation: Translation, ports: readonly Port[] = []): string {
  const { podLink, bridge, gateway, guest } = translation;
  const matches = ports.length === 0 ? [""] : ports.map(({ port, protocol }) => `${word(protocol)} dport ${port} `);
  const each = (rule: (match: string) => string): string => matches.map((match) => `    ${rule(match)}`).join("\n");
  return `add table ip nat
delete table ip nat
table ip nat {
  chain KUBEVIRT_PREINBOUND {
${each((match) => `${match}counter dnat to ${guest}`)}
  }
  chain KUBEVIRT_POSTINBOUND {
${each((match) => `${match}ip saddr 127.0.0.1 counter snat to ${gateway}`)}
  }
  chain prerouting {
    type nat hook prerouting priority -100; policy accept;
    iifname "${podLink}" counter jump KUBEVIRT_PREINBOUND
  }
  chain input {
    type nat hook input priority 100; policy accept;
  }
  chain output {
    type nat hook output priority -100; policy accept;
${each((match) => `${match}ip daddr 127.0.0.1 counter dnat to ${guest}`)}
  }
  chain postrouting {
    type nat hook postrouting priority 100; policy accept;
    ip saddr ${guest} counter masquerade
    oifname "${bridge}" counter jump KUBEVIRT_POSTINBOUND
  }
}
${guardRuleset(translation)}`;
}

/**
 * Rules of our own. The DHCP server in the pod is for the guest only. And `route_localnet`, which the translation of
 * loopback needs, must not let the guest talk to what listens on the pod's loopback.
 */
const guardRuleset = ({ podLink, bridge }: Translation): string => `add table ip knvirt
delete table ip knvirt
table ip knvirt {
  chain input {
    type filter hook input priority 0; policy accept;
    iifname "${podLink}" udp dport 67 counter drop
    iifname "${bridge}" ip daddr 127.0.0.0/8 ct direction original counter drop
  }
}
`;

const word = (protocol: Port["protocol"] = "TCP"): string => protocol.toLowerCase();
