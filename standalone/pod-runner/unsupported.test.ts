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
        { name: "a", hostPath: { path: "/" } },
        { name: "b", emptyDir: { medium: "HugePages" } },
      ],
    },
    want: ["spec.volumes[0].hostPath", "spec.volumes[1].emptyDir.medium"],
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
