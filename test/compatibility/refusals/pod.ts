// Refusals of what concerns the launcher pod: names, probes, scheduling, DNS.
import type { SpecRefusal } from "./row.ts";

export const podRefusals: SpecRefusal[] = [
  {
    id: "VI-01",
    when: "a host name that is no DNS label",
    spec: { hostname: "Web.1" },
    field: "hostname",
    message: 'Invalid value: "Web.1"',
  },
  {
    id: "VI-01",
    when: "a subdomain that is no DNS subdomain",
    spec: { subdomain: "a..b" },
    field: "subdomain",
    message: 'Invalid value: "a..b"',
  },
  {
    id: "VI-25",
    when: "a probe that asks in two ways",
    spec: { readinessProbe: { guestAgentPing: {}, exec: { command: ["true"] } } },
    field: "readinessProbe",
    message: "a probe asks in exactly one way: give one of exec, guestAgentPing, httpGet, tcpSocket",
  },
  {
    id: "VI-25",
    when: "a probe that asks in no way",
    spec: { livenessProbe: { periodSeconds: 5 } },
    field: "livenessProbe",
    message: "a probe asks in exactly one way: give one of exec, guestAgentPing, httpGet, tcpSocket",
  },
  {
    id: "VI-25",
    when: "a readiness probe over the network of a guest without one",
    spec: { domain: { devices: { autoattachPodInterface: false } }, readinessProbe: { tcpSocket: { port: 22 } } },
    field: "readinessProbe",
    message:
      "readinessProbe asks over the network, and the guest is not on the pod network: give exec or guestAgentPing",
  },
  {
    id: "VI-25",
    when: "a liveness probe over the network of a guest without one",
    spec: { domain: { devices: { autoattachPodInterface: false } }, livenessProbe: { httpGet: { port: 80 } } },
    field: "livenessProbe",
    message:
      "livenessProbe asks over the network, and the guest is not on the pod network: give exec or guestAgentPing",
  },
  {
    id: "VI-25",
    when: "a liveness probe that wants two successes",
    spec: { livenessProbe: { guestAgentPing: {}, successThreshold: 2 } },
    field: "livenessProbe.successThreshold",
    message: "successThreshold of a livenessProbe is not 1: a guest that answers once is alive",
  },
  {
    id: "VI-27",
    when: "an eviction strategy that there is not",
    spec: { evictionStrategy: "Sometimes" },
    field: "evictionStrategy",
    message: 'Unsupported value: "Sometimes"',
  },
  {
    id: "VI-29",
    when: "a DNS policy that takes no name server, and none is given",
    spec: { dnsPolicy: "None" },
    field: "dnsConfig.nameservers",
    message: "dnsPolicy None has no name server: give dnsConfig.nameservers",
  },
  {
    id: "VI-29",
    when: "four name servers",
    spec: { dnsConfig: { nameservers: ["10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.4"] } },
    field: "dnsConfig.nameservers",
    message: "must have at most 3 items",
  },
  {
    id: "VI-30",
    when: "a required affinity to nodes without a term",
    spec: {
      affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [] } } },
    },
    field: "affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms",
    message: "should have at least 1 items",
  },
  {
    id: "VI-30",
    when: "a spread by a skew of 0",
    spec: { topologySpreadConstraints: [{ maxSkew: 0, topologyKey: "zone", whenUnsatisfiable: "DoNotSchedule" }] },
    field: "topologySpreadConstraints[0].maxSkew",
    message: "Invalid value: 0",
  },
  {
    id: "VI-09",
    when: "an architecture that there is not",
    spec: { architecture: "ppc64le" },
    field: "architecture",
    message: 'Unsupported value: "ppc64le"',
  },
  {
    id: "VI-26",
    when: "a start strategy that there is not",
    spec: { startStrategy: "LiveMigration" },
    field: "startStrategy",
    message: 'Unsupported value: "LiveMigration"',
  },
  {
    id: "VI-25",
    when: "a liveness probe of a guest that starts paused",
    spec: { startStrategy: "Paused", livenessProbe: { guestAgentPing: {} } },
    field: "livenessProbe",
    message: "startStrategy Paused with a livenessProbe: a guest that waits cannot answer, leave one of them out",
  },
];
