import { expect, test } from "@jest/globals";
import type { Pod } from "@knvirt/kubernetes";
import { unsupportedFields } from "./unsupported.ts";

const main = { name: "main", image: "i" };

test.each([
  { when: "a plain pod", spec: {}, want: [] },
  { when: "fields that say nothing", spec: { hostNetwork: false, initContainers: [], overhead: {} }, want: [] },
  { when: "the host's network", spec: { hostNetwork: true }, want: ["spec.hostNetwork"] },
  { when: "init containers", spec: { initContainers: [main] }, want: ["spec.initContainers"] },
  {
    when: "a port of the host",
    spec: { containers: [{ ...main, ports: [{ containerPort: 80 }, { containerPort: 81, hostPort: 81 }] }] },
    want: ["spec.containers[0].ports[1].hostPort"],
  },
  {
    when: "privileges, and a profile of the user's own",
    spec: {
      containers: [
        {
          ...main,
          securityContext: { privileged: true, seccompProfile: { type: "Localhost", localhostProfile: "p" } },
        },
      ],
    },
    want: [
      "spec.containers[0].securityContext.privileged",
      "spec.containers[0].securityContext.seccompProfile.type",
      "spec.containers[0].securityContext.seccompProfile.localhostProfile",
    ],
  },
  {
    when: "volumes of other kinds",
    spec: {
      volumes: [
        { name: "a", nfs: { server: "x" } },
        { name: "b", emptyDir: { medium: "HugePages" } },
      ],
    },
    want: ["spec.volumes[0].nfs", "spec.volumes[1].emptyDir.medium"],
  },
  {
    when: "probes of a container that is not started again",
    spec: {
      restartPolicy: "Never",
      containers: [{ ...main, livenessProbe: { tcpSocket: { port: 1 } }, readinessProbe: { httpGet: { port: 1 } } }],
    },
    want: [],
  },
  {
    when: "a liveness probe of one that is, and a probe of another kind",
    spec: {
      containers: [{ ...main, livenessProbe: { tcpSocket: { port: 1 } }, readinessProbe: { grpc: { port: 1 } } }],
    },
    want: ["spec.containers[0].readinessProbe.grpc", "spec.containers[0].livenessProbe"],
  },
  {
    when: "neighbours by labels of their namespaces",
    spec: {
      affinity: {
        podAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: [
            { topologyKey: "zone", namespaceSelector: {} },
            { topologyKey: "zone", namespaceSelector: { matchLabels: { team: "web" } } },
          ],
        },
      },
    },
    want: [
      "spec.affinity.podAffinity.requiredDuringSchedulingIgnoredDuringExecution[1].namespaceSelector.matchLabels",
    ],
  },
  {
    when: "a limit that nobody would enforce",
    spec: {
      volumes: [
        { name: "a", emptyDir: { sizeLimit: "1Mi" } },
        { name: "b", emptyDir: { medium: "Memory", sizeLimit: "1Mi" } },
      ],
    },
    want: ["spec.volumes[0].emptyDir.sizeLimit"],
  },
])("$when", ({ spec, want }) => {
  const pod = { apiVersion: "v1", kind: "Pod", metadata: { name: "x" }, spec: { containers: [main], ...spec } };
  expect(unsupportedFields(pod as unknown as Pod)).toEqual(want);
});
