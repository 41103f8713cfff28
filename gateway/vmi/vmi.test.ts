// What an instance must be for each verb, and what the paths and bodies of them mean.
import type { VirtualMachineInstance } from "@knvirt/api";
import { aSpec, aVmi } from "../../test/support/builders.ts";
import { mustAnswer, mustHaveDisplay } from "./console.ts";
import { addressOf, portOf } from "./forward.ts";
import { secondsOf } from "./freeze.ts";
import {
  mustBeOnNode,
  mustBePaused,
  mustHaveAgent,
  mustNotBePaused,
  mustRun,
  type Requirement,
} from "./preconditions.ts";
import { mustHear } from "./reset.ts";

type Phase = NonNullable<NonNullable<VirtualMachineInstance["status"]>["phase"]>;

function vmi(phase?: Phase, condition?: string): VirtualMachineInstance {
  const conditions = condition ? [{ type: condition, status: "True" as const }] : [];
  return { ...aVmi(), ...(phase && { status: { phase, conditions } }) };
}

const { domain, ...spec } = aSpec();
const blind = aVmi({ spec: { ...spec, domain: { ...domain, devices: { autoattachGraphicsDevice: false } } } });
const deaf = { ...spec, domain: { ...domain, features: { acpi: { enabled: false } } } };

interface Row {
  when: string;
  requires: Requirement;
  of: VirtualMachineInstance;
  /** Undefined where it is met. */
  code?: number;
  says?: string;
}

const rows: Row[] = [
  { when: "running", requires: mustRun, of: vmi("Running") },
  { when: "scheduled", requires: mustRun, of: vmi("Scheduled"), code: 409, says: "VMI is not running" },
  { when: "new", requires: mustRun, of: vmi(), code: 409, says: "it is Pending, expected Running" },
  { when: "scheduled", requires: mustBeOnNode, of: vmi("Scheduled") },
  { when: "pending", requires: mustBeOnNode, of: vmi("Pending"), code: 400, says: "wait for Running" },
  { when: "failed", requires: mustBeOnNode, of: vmi("Failed"), code: 409, says: "VMI is not running" },
  { when: "paused", requires: mustBePaused, of: vmi("Running", "Paused") },
  { when: "not paused", requires: mustBePaused, of: vmi("Running"), code: 409, says: "VMI is not paused" },
  { when: "paused", requires: mustNotBePaused, of: vmi("Running", "Paused"), code: 409, says: "VMI is paused" },
  { when: "with an agent", requires: mustHaveAgent, of: vmi("Running", "AgentConnected") },
  {
    when: "without an agent",
    requires: mustHaveAgent,
    of: vmi("Running"),
    code: 409,
    says: "VMI does not have guest agent connected",
  },
  {
    when: "with an agent and without ACPI",
    requires: mustHear,
    of: { ...vmi("Running", "AgentConnected"), spec: deaf },
  },
  { when: "with ACPI", requires: mustHear, of: vmi("Running") },
  {
    when: "without ACPI and agent",
    requires: mustHear,
    of: { ...vmi("Running"), spec: deaf },
    code: 409,
    says: "neither the agent connected nor the ACPI feature enabled",
  },
  { when: "running", requires: mustAnswer, of: vmi("Running") },
  { when: "not running yet", requires: mustAnswer, of: vmi(), code: 400, says: "wait for Running" },
  { when: "ended", requires: mustAnswer, of: vmi("Succeeded"), code: 409, says: "has ended: it is Succeeded" },
  { when: "without a display", requires: mustHaveDisplay, of: blind, code: 409, says: "has no graphics device" },
];

test.each(rows)("$requires.name of an instance $when: $code", ({ requires, of, code, says = "" }) => {
  if (code === undefined) return expect(() => requires(of)).not.toThrow();
  const refusal = expect.objectContaining({ code, message: expect.stringContaining(says) });
  expect(() => requires(of)).toThrow(refusal);
});

test.each([
  { rest: ["80"], want: 80 },
  { rest: ["65535", "tcp"], want: 65_535 },
])("the port of $rest is $want", ({ rest, want }) => expect(portOf(rest)).toBe(want));

test.each([
  { rest: [], code: 400 },
  { rest: ["0"], code: 400 },
  { rest: ["65536"], code: 400 },
  { rest: ["http"], code: 400 },
  { rest: ["80", "sctp"], code: 400 },
  { rest: ["80", "tcp", "more"], code: 400 },
  { rest: ["53", "udp"], code: 501 },
])("$rest is refused as a port with $code", ({ rest, code }) =>
  expect(() => portOf(rest)).toThrow(expect.objectContaining({ code })),
);

test("a guest without an address is not forwarded to", () => {
  const interfaces = [{ name: "default", ipAddress: "10.88.0.5" }];
  expect(addressOf({ ...aVmi(), status: { phase: "Running", interfaces } })).toBe("10.88.0.5");
  expect(() => addressOf(vmi("Running"))).toThrow(expect.objectContaining({ code: 400 }));
  const ofGuest = [{ interfaceName: "dummy0", ipAddress: "10.96.0.1", infoSource: "guest-agent" }];
  expect(() => addressOf({ ...aVmi(), status: { phase: "Running", interfaces: ofGuest } })).toThrow(
    expect.objectContaining({ code: 400 }),
  );
});

test.each([
  { text: "5m0s", want: 300 },
  { text: "1h30m", want: 5_400 },
  { text: "1500ms", want: 2 },
  { text: "0s", want: 0 },
  { text: "168h", want: 604_800 },
])("a duration of $text is $want s", ({ text, want }) => expect(secondsOf(text)).toBe(want));

test.each([undefined, "", "5", "-5s", "5 m", 300, null, "168h1s", "4294967296s", `${"9".repeat(400)}s`])(
  "%p is no duration",
  (text) => expect(() => secondsOf(text)).toThrow(expect.objectContaining({ code: 400 })),
);
