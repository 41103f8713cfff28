import { expect, test } from "@jest/globals";
import { ConnectionError, errorCodes } from "@knvirt/libvirt";
import { agentChannel } from "./channel.ts";
import { osInfo, ping } from "./commands.ts";
import { answering, refusal } from "./testing/answering.ts";

test.each<{ when: string; given: Error; want: string; says: string }>([
  {
    when: "the agent refuses in words that would move a terminal's cursor",
    given: refusal(errorCodes.agentCommandFailed, "no \u001b[2Juser\nof that name\n"),
    want: "GuestAgentFailed",
    says: "guest agent failed at guest-ping: no [2Juser of that name",
  },
  {
    when: "the agent says more than anybody reads",
    given: refusal(errorCodes.agentCommandFailed, "x".repeat(1_000)),
    want: "GuestAgentFailed",
    says: `guest agent failed at guest-ping: ${"x".repeat(200)}`,
  },
  {
    when: "the agent is silent",
    given: refusal(errorCodes.agentUnresponsive, "silent"),
    want: "GuestAgentNotResponding",
    says: "guest agent does not answer guest-ping: silent",
  },
  {
    when: "the daemon dies meanwhile",
    given: new ConnectionError("lost", "the daemon closed"),
    want: "LibvirtNotResponding",
    says: "the daemon closed",
  },
])("a command fails by $want when $when", async ({ given, want, says }) => {
  const channel = answering(() => {
    throw given;
  });
  await expect(channel.ask(ping)).rejects.toMatchObject({ name: "LauncherError", reason: want, message: says });
});

test("a daemon that cannot be reached is no fault of the agent's", async () => {
  const connection = () => Promise.reject(new ConnectionError("unreachable", "nobody listens"));
  const asked = agentChannel({ name: "default_web", connection }).ask(osInfo);
  await expect(asked).rejects.toMatchObject({ reason: "LibvirtNotResponding" });
});
