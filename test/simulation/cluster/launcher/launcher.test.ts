// The life of a launcher and its guest, and what it comes to when each of the processes in the container dies.
import { type Launched, launch } from "../testing/launched.ts";

const exitOf = ({ pod }: Launched): number | undefined =>
  pod("virt-launcher-a")?.status?.containerStatuses?.[0]?.state?.terminated?.exitCode;

const begin = ["container starts", "disk opens default/root", "guest starts", "guest runs"];
const close = (how: string, exitCode: number): string[] => [
  ...["disk closes default/root", `guest ends ${how}`, `container ends ${exitCode}`],
];

test.each([
  { when: "it goes on", behaviour: {}, facts: begin, exit: undefined, phases: ["ABSENT", "RUNNING"] },
  {
    ...{ when: "it goes off by itself", behaviour: { ends: [{ afterMs: 9_000, how: "powerOff" as const }] } },
    ...{ facts: [...begin, ...close("powerOff", 0)], exit: 0, phases: ["ABSENT", "RUNNING", "SHUTOFF"] },
  },
  {
    ...{ when: "it crashes", behaviour: { ends: [{ afterMs: 9_000, how: "crash" as const }] } },
    ...{ facts: [...begin, ...close("crash", 10)], exit: 10, phases: ["ABSENT", "RUNNING", "CRASHED"] },
  },
  {
    ...{ when: "it reboots", behaviour: { ends: [{ afterMs: 9_000, how: "reboot" as const }] } },
    ...{ facts: [...begin, "guest reboots"], exit: undefined, phases: ["ABSENT", "RUNNING"] },
  },
  {
    ...{ when: "starting it is refused", behaviour: { isRefused: true }, exit: 10, phases: ["ABSENT"] },
    facts: ["container starts", "guest startFailed", "container ends 10"],
  },
])("a guest: $when", async ({ behaviour, facts, exit, phases }) => {
  for (const seed of [1, 2, 3]) {
    const launched = launch(behaviour, seed);
    await launched.pass(60_000);
    expect(launched.facts).toEqual(facts);
    expect(exitOf(launched)).toBe(exit);
    expect(launched.phases).toEqual(phases);
  }
});

test("a start that fails for now is told, and works when it is asked for again", async () => {
  const launched = launch({ startFailures: 1 });
  await launched.pass(10_000);
  expect(launched.failures).toEqual([expect.stringMatching(/^GuestNotResponding: /)]);
  expect(launched.facts).toEqual(["container starts", "guest startFailed", ...begin.slice(1)]);
});

test.each([
  { when: "", byMs: 0 },
  { when: ", also when the clock is set back", byMs: -3_600_000 },
])("a launcher that died comes back reachable later than before$when, and knows its guest", async ({ byMs }) => {
  const launched = launch();
  await launched.pass(10_000);
  const before = launched.connection.reachableSinceMs as number;
  launched.container().killLauncher();
  launched.executor.jump(byMs);
  await launched.pass(100);
  expect(launched.connection.isReachable).toBe(false);
  await expect(launched.connection.start({} as never)).rejects.toMatchObject({ reason: "LauncherUnreachable" });
  await launched.pass(20_000);
  expect(launched.connection.reachableSinceMs).toBeGreaterThan(before);
  expect(launched.phases).toEqual(["ABSENT", "RUNNING"]);
  expect(launched.facts).toEqual(begin);
});

test("a launcher that hides is away until it shows itself", async () => {
  const launched = launch();
  await launched.pass(10_000);
  const show = launched.container().hideLauncher();
  await launched.pass(29_000);
  expect(launched.connection.isReachable).toBe(false);
  show();
  await launched.pass(10_000);
  expect(launched.connection.isReachable).toBe(true);
  expect(launched.facts).toEqual(begin);
});

test.each([
  { when: "runs", ends: [], guest: begin },
  {
    when: "crashes meanwhile",
    ends: [{ afterMs: 9_000, how: "crash" as const }],
    guest: [...begin, ...close("crash", 10)],
  },
  {
    when: "goes off meanwhile",
    ends: [{ afterMs: 9_000, how: "powerOff" as const }],
    guest: [...begin, ...close("powerOff", 0)],
  },
])("libvirt dies with its launcher while the guest $when: it is found as it is", async ({ ends, guest }) => {
  for (const seed of [1, 2, 3]) {
    const launched = launch({ ends }, seed);
    await launched.pass(9_000);
    launched.container().killLauncher(20_000);
    launched.container().killLibvirt();
    await launched.pass(10_000);
    // With -no-shutdown a guest that went off stays until libvirt is back.
    expect(launched.disks.usersOf("default/root")).toHaveLength(ends[0]?.how === "crash" ? 0 : 1);
    await launched.pass(30_000);
    expect(launched.facts).toEqual(guest);
  }
});

const moments = Array.from({ length: 30 }, (_, index) => 200 * (index + 1));

test.each(["killLauncher", "killLibvirt"] as const)(
  "%s while it starts: the guest runs once in the end",
  async (kill) => {
    for (const atMs of moments) {
      const launched = launch({}, atMs);
      await launched.pass(atMs);
      for (const container of launched.node1.containers()) container[kill]();
      await launched.pass(60_000);
      expect(launched.facts.filter((fact) => fact === "guest runs")).toHaveLength(1);
      expect(launched.facts.filter((fact) => fact === "container starts")).toHaveLength(1);
      expect(launched.disks.usersOf("default/root")).toHaveLength(1);
    }
  },
);
