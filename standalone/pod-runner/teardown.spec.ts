// Everything ends without an API server; and a full disk is told, and got over.

import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { type Client, events, type Pod, pods } from "@knvirt/kubernetes";
import { tracesOf } from "../../test/support/traces.ts";
import { aMachine, aPod, podWhen, runnerOn, stateOf, waits } from "../testing/test-machine.ts";
import { teardownEverything } from "./index.ts";

const isRunning = (pod: Pod | undefined): boolean => pod?.status?.phase === "Running";

test("stop ends running pods, deaf ones too, and leaves nothing on the machine", async () => {
  const machine = await aMachine();
  const runner = await runnerOn(machine);
  const volumes = [{ name: "memory", emptyDir: { medium: "Memory" as const } }];
  await machine.client.create(pods, aPod("listens", waits, { volumes }));
  await machine.client.create(pods, aPod("deaf", "trap '' TERM; sleep 300", { terminationGracePeriodSeconds: 600 }));
  await Promise.all(["listens", "deaf"].map((name) => podWhen(machine.client, name, isRunning)));
  await runner.stop();
  expect(tracesOf(machine.instance.dataDir)).not.toEqual([]);

  await teardownEverything(machine.instance, { graceSeconds: 1 });

  expect(tracesOf(machine.instance.dataDir)).toEqual([]);
  await teardownEverything(machine.instance, { graceSeconds: 1 }); // nothing to do is no error
  expect(await machine.end()).toEqual([]);
});

test("a full disk keeps a pod waiting with a clear word, and it starts when there is room", async () => {
  const machine = await aMachine({ dataSize: "2m" });
  const runner = await runnerOn(machine);
  const ballast = join(machine.instance.dataDir, "ballast");
  await writeFile(ballast, Buffer.alloc(4 * 1024 * 1024)).catch(() => undefined); // as much as fits
  await machine.client.create(pods, aPod("squeezed", waits));
  const stuck = await podWhen(machine.client, "squeezed", (pod) => stateOf(pod)?.waiting?.message !== undefined);
  expect(stateOf(stuck)?.waiting?.message).toMatch(/no space left on device/i);
  expect(await eventsAbout(machine.client, "squeezed")).toContainEqual(
    expect.stringMatching(/no space left on device/i),
  );

  await rm(ballast);
  await podWhen(machine.client, "squeezed", isRunning);
  await runner.stop();
  expect(await machine.end()).toEqual([]);
});

async function eventsAbout(client: Client, name: string): Promise<string[]> {
  const { items } = await client.list(events, { namespace: "default" });
  return items.filter(({ involvedObject }) => involvedObject.name === name).map(({ message }) => message);
}
