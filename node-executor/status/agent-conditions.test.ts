import { expect, test } from "@jest/globals";
import { aDomain, aPod, at, aVmi, node } from "../testing/objects.ts";
import { agentConditions } from "./agent-conditions.ts";
import { isApplied } from "./applied.ts";
import { credentialsConditions } from "./credentials-condition.ts";
import { guestStatus } from "./guest-os.ts";
import { runningStatus } from "./vmi-status.ts";

const now = at("12:00:05");
const lastTransitionTime = now.toISOString();
const seen = { vmi: aVmi(), pod: aPod(), node, now };
const report = { os: undefined, fsFreezeStatus: "", missingCommands: [], accessCredentials: undefined };
const connected = { type: "AgentConnected", status: "True", lastTransitionTime };
const debian = {
  name: "Debian GNU/Linux",
  kernelRelease: "6.1.0",
  version: "13 (trixie)",
  prettyName: "Debian GNU/Linux 13 (trixie)",
  versionId: "13",
  kernelVersion: "#1 SMP",
  machine: "x86_64",
  id: "debian",
};
const withAgent = aDomain({ agentConnected: true, guest: { ...report, os: debian, fsFreezeStatus: "frozen" } });

test.each([
  { when: "there is no agent", given: {}, want: [] },
  { when: "the agent has not answered yet", given: { agentConnected: true }, want: [connected] },
  { when: "the agent can do all", given: { agentConnected: true, guest: report }, want: [connected] },
  {
    when: "the agent lacks commands",
    given: { agentConnected: true, guest: { ...report, missingCommands: ["guest-get-users", "not\na name"] } },
    want: [
      connected,
      {
        type: "AgentVersionNotSupported",
        status: "True",
        reason: "CommandsMissing",
        message: "guest agent lacks commands that are asked for: guest-get-users",
        lastTransitionTime,
      },
    ],
  },
])("conditions when $when", ({ given, want }) => expect(agentConditions(seen, aDomain(given))).toEqual(want));

test.each([
  { when: "nothing was told", given: aDomain(), want: {} },
  { when: "the agent told", given: withAgent, want: { guestOSInfo: debian, fsFreezeStatus: "frozen" } },
  {
    when: "the agent knows little",
    given: aDomain({
      guest: { ...report, os: { ...debian, name: "", id: "x".repeat(1000) }, fsFreezeStatus: "odd" },
    }),
    want: { guestOSInfo: { ...debian, name: undefined, id: "x".repeat(256) } },
  },
])("status when $when", ({ given, want }) => expect(guestStatus(given)).toEqual(want));

test("is taken away when the guest thaws, and when its agent goes", () => {
  const status = runningStatus(seen, withAgent);
  const thawed = aDomain({ agentConnected: true, guest: { ...report, os: debian } });
  expect([withAgent, thawed, aDomain()].map((domain) => isApplied(runningStatus(seen, domain), status))).toEqual([
    true,
    false,
    false,
  ]);
});

const withCredentials = (propagationMethod: object) => {
  const vmi = aVmi();
  const source = { secret: { secretName: "keys" } };
  return { ...vmi, spec: { ...vmi.spec, accessCredentials: [{ sshPublicKey: { source, propagationMethod } }] } };
};
const byAgent = withCredentials({ qemuGuestAgent: { users: ["debian"] } });
const failed = { status: "False", reason: "AccessCredentialsSyncFailed" };

test.each([
  { when: "cloud-init brings them", vmi: withCredentials({ noCloud: {} }), domain: withAgent, want: [] },
  {
    when: "there is no agent",
    vmi: byAgent,
    domain: aDomain(),
    want: [{ ...failed, message: "guest agent is not connected: expected qemu-guest-agent to run in the guest" }],
  },
  {
    when: "the agent was not asked",
    vmi: byAgent,
    domain: withAgent,
    want: [{ ...failed, message: "guest agent was not asked to take them yet" }],
  },
  {
    when: "the agent took them",
    vmi: byAgent,
    domain: aDomain({ guest: { ...report, accessCredentials: { isSynchronized: true, message: "" } } }),
    want: [{ status: "True" }],
  },
  {
    when: "the agent refused",
    vmi: byAgent,
    domain: aDomain({ guest: { ...report, accessCredentials: { isSynchronized: false, message: "no such user" } } }),
    want: [{ ...failed, message: "no such user" }],
  },
])("credentials when $when", ({ vmi, domain, want }) =>
  expect(credentialsConditions({ ...seen, vmi }, domain)).toEqual(
    want.map((condition) => ({ type: "AccessCredentialsSynchronized", ...condition, lastTransitionTime })),
  ),
);
