import { type GuestProbe, launcherProgram, type VmiSpec } from "@knvirt/api";
import { agentProbesOf, probesOf } from "./probes.ts";

const domain = { memory: { guest: "64Mi" } };
const specOf = (probes: Partial<VmiSpec>): VmiSpec => ({ domain, ...probes });
const usual = {
  initialDelaySeconds: 10,
  timeoutSeconds: 1,
  periodSeconds: 10,
  successThreshold: 1,
  failureThreshold: 3,
};

test.each<{ when: string; given: GuestProbe; want: object }>([
  { when: "a port", given: { tcpSocket: { port: 22 } }, want: { ...usual, tcpSocket: { port: 22 } } },
  {
    when: "a page, by times of the user",
    given: {
      httpGet: { port: "web", path: "/ready", httpHeaders: [{ name: "Host", value: "shop" }] },
      initialDelaySeconds: 60,
      timeoutSeconds: 5,
      periodSeconds: 3,
      successThreshold: 2,
      failureThreshold: 7,
    },
    want: {
      httpGet: { port: "web", path: "/ready", httpHeaders: [{ name: "Host", value: "shop" }] },
      initialDelaySeconds: 70,
      timeoutSeconds: 5,
      periodSeconds: 3,
      successThreshold: 2,
      failureThreshold: 7,
    },
  },
  {
    when: "a program in the guest, which has the time that the user gave",
    given: { exec: { command: ["/bin/check", "--fast"] }, timeoutSeconds: 4 },
    want: {
      ...usual,
      timeoutSeconds: 5,
      exec: { command: [...launcherProgram.probe, "liveness", "4", "exec", "/bin/check", "--fast"] },
    },
  },
  {
    when: "the guest's agent",
    given: { guestAgentPing: {} },
    want: { ...usual, timeoutSeconds: 2, exec: { command: [...launcherProgram.probe, "liveness", "1", "ping"] } },
  },
])("a probe asks $when", ({ given, want }) => {
  expect(probesOf(specOf({ livenessProbe: given }))).toEqual({ livenessProbe: want });
});

test("the program knows what it asks for", () => {
  const { readinessProbe } = probesOf(specOf({ readinessProbe: { guestAgentPing: {} } }));
  expect(readinessProbe?.exec?.command).toEqual([...launcherProgram.probe, "readiness", "1", "ping"]);
});

test("a guest that nobody asks has no probe", () => expect(probesOf(specOf({}))).toEqual({}));

test.each([
  { probes: {}, want: 0 },
  { probes: { readinessProbe: { tcpSocket: { port: 1 } }, livenessProbe: { exec: { command: ["x"] } } }, want: 1 },
  { probes: { readinessProbe: { guestAgentPing: {} }, livenessProbe: { exec: { command: ["x"] } } }, want: 2 },
])("$want probes run a program of ours", ({ probes, want }) => expect(agentProbesOf(specOf(probes))).toBe(want));
