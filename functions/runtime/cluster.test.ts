import { expect, test } from "@jest/globals";
import { type VirtualMachine, virtualMachineInstances, virtualMachines } from "@knvirt/api";
import { type ApiRequest, clientOver, type KubernetesObject, keyOf } from "@knvirt/kubernetes";
import { apiServer } from "../../test/simulation/api-server/index.ts";
import { at, aVm, aVmi } from "../testing/builders.ts";
import { vm as definition } from "../vm/index.ts";
import { type ActingIntent, writerOf } from "./cluster.ts";
import { WorldMoved } from "./errors.ts";
import { create, remove } from "./intents.ts";

const now = () => at("12:00:00");
const elapsedMs = () => 0;

/** A client of an API server that keeps everything in memory. */
function connect() {
  const api = apiServer({ now });
  const call = async <Answer>(request: ApiRequest) => api.call(request, "test") as Answer;
  const nothing = () => Promise.reject(new Error("only calls are served"));
  return clientOver({ call, sent: {}, open: nothing, lines: nothing, close: () => undefined });
}

const plain = ({ metadata: { name, namespace }, ...object }: KubernetesObject) => ({
  ...object,
  metadata: { name, ...(namespace !== undefined && { namespace }) },
});

test.each([
  { when: "a create", intent: () => create(plain(aVmi())), left: 0 },
  { when: "a delete", intent: (instance: KubernetesObject) => remove(instance), left: 1 },
])("$when that was decided on a VM which has changed since is not sent", async ({ intent, left }) => {
  const client = connect();
  const vm = await client.create(virtualMachines, plain(aVm({ runStrategy: "Halted" })) as VirtualMachine);
  const instance = left > 0 ? await client.create(virtualMachineInstances, plain(aVmi()) as never) : aVmi();
  const writer = writerOf({ client, definition, primary: vm, now, elapsedMs });

  await client.mergePatch(virtualMachines, keyOf(vm), { patch: { spec: { runStrategy: "Always" } } });

  await expect(writer.apply(intent(instance) as ActingIntent)).rejects.toThrow(WorldMoved);
  expect((await client.list(virtualMachineInstances)).items).toHaveLength(left);
});

test("a create is sent while the VM is as it was seen", async () => {
  const client = connect();
  const vm = await client.create(virtualMachines, plain(aVm({ runStrategy: "Always" })) as VirtualMachine);
  const writer = writerOf({ client, definition, primary: vm, now, elapsedMs });
  expect(await writer.apply(create(plain(aVmi())) as ActingIntent)).toBe(true);
});

test.each([
  { when: "answers at once", looksMs: [5], want: 1 },
  { when: "stood still, and looks again", looksMs: [31_000, 5], want: 1 },
  { when: "hears from a slow network only", looksMs: [16_000, 16_000], want: 1 },
  { when: "stands still again and again", looksMs: [31_000, 31_000], want: 0 },
])("a create by a process that $when: $want", async ({ looksMs, want }) => {
  const client = connect();
  const vm = await client.create(virtualMachines, plain(aVm({ runStrategy: "Always" })) as VirtualMachine);
  const asked = looksMs.flatMap((ms) => [0, ms]);
  const writer = writerOf({ client, definition, primary: vm, now, elapsedMs: () => asked.shift() ?? 0 });
  const sent = writer.apply(create(plain(aVmi())) as ActingIntent);
  await (want ? sent : expect(sent).rejects.toThrow(WorldMoved));
  expect((await client.list(virtualMachineInstances)).items).toHaveLength(want);
  expect(asked).toEqual([]);
});

test("a create is not sent when the VM changed while the process stood still", async () => {
  const client = connect();
  const vm = await client.create(virtualMachines, plain(aVm({ runStrategy: "Always" })) as VirtualMachine);
  let looks = 0;
  const find: typeof client.find = async (of, key) => {
    const found = await client.find(of, key);
    looks += 1;
    await client.mergePatch(virtualMachines, keyOf(vm), { patch: { spec: { runStrategy: "Halted" } } });
    return found;
  };
  const elapsedMs = () => looks * 10_000;
  const writer = writerOf({ client: { ...client, find }, definition, primary: vm, now, elapsedMs });
  await expect(writer.apply(create(plain(aVmi())) as ActingIntent)).rejects.toThrow(WorldMoved);
  expect((await client.list(virtualMachineInstances)).items).toEqual([]);
});
