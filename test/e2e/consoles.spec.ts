// A guest's serial console as its viewers meet it: what was said before they came, and all that is said while they look.
import { virtualMachines } from "@knvirt/api";
import { buildersFor } from "../support/builders.ts";
import { askGuest, consolePath, openGuestConsole, openSocket } from "../support/console.ts";
import { eventually } from "../support/eventually.ts";
import { sharedHost } from "../support/shared-host.ts";
import { getVmi, removeVms, runningVmi } from "../support/vms.ts";

const host = sharedHost();
const { aVm } = buildersFor(host);
const target = { namespace: host.namespace, name: "talks" };

beforeAll(async () => {
  await host.client.create(virtualMachines, aVm({ name: target.name }));
  await runningVmi(host, target.name);
  await askGuest(host, target.name, "echo awake");
});
afterAll(() => removeVms(host, target.name));

describe("a viewer that comes again", () => {
  it("is shown what the guest said last", async () => {
    const first = await openGuestConsole(host.access, target);
    await first.run("echo said-before");
    first.close();
    const second = await openGuestConsole(host.access, target);
    await second.saw("said-before\r\n", 10);
    expect(await second.run("echo still here")).toBe("still here");
    second.close();
  });

  it("is shown what the guest said while nobody looked", async () => {
    const first = await openGuestConsole(host.access, target);
    await first.run("(sleep 2; echo meanwhile-$((6 * 7)); httpd -p 80 -h /run) & killall httpd");
    first.close();
    const address = (await getVmi(host, target.name))?.status?.interfaces?.[0]?.ipAddress;
    await eventually(() => host.get(`http://${address}/`).catch(() => undefined), { what: "the guest has said it" });
    const second = await openGuestConsole(host.access, target);
    await second.saw("meanwhile-42", 10);
    second.close();
  });
});

const [firstNumber, lineBytes] = [1_000_000, 9];
/** As much as an emulated serial port takes in a minute of a busy machine; gateway/console-stream.spec.ts has fifty. */
const megabytes = 1;
const limitSeconds = 400;

describe("a guest that says a lot", () => {
  it(
    `is heard without loss or reordering: ${megabytes} MB`,
    async () => {
      const lines = Math.ceil((megabytes * 1_000_000) / lineBytes);
      const socket = await openSocket(host.access, consolePath(target));
      const heard = inOrder(lines);
      socket.on("message", (bytes: Buffer) => heard.read(bytes));
      socket.send(`echo; seq ${firstNumber} ${firstNumber + lines - 1}; echo\n`);
      await heard.all;
      socket.close();
    },
    limitSeconds * 1000,
  );
});

/** Reads numbered lines, and fails at the first that is not the one that follows. */
function inOrder(lines: number): { read(bytes: Buffer): void; all: Promise<void> } {
  const { promise: all, resolve, reject } = Promise.withResolvers<void>();
  let next = firstNumber;
  let rest = "";
  const line = (text: string): void => {
    if (next === firstNumber && text !== `${firstNumber}`) return; // what was said before, and the echo
    if (next === firstNumber + lines) return;
    if (text !== `${next}`) reject(new Error(`line ${next} is missing: found ${JSON.stringify(text)}`));
    next += 1;
    if (next === firstNumber + lines) resolve();
  };
  const read = (bytes: Buffer): void => {
    const parts = (rest + bytes.toString("latin1")).split("\r\n");
    rest = parts.pop() ?? "";
    parts.forEach(line);
  };
  return { read, all };
}
