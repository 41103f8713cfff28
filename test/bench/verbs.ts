// How soon a verb that goes through gateway, executor and launcher is answered, beside a call that the API server answers.
import { virtualMachineInstances, virtualMachines } from "@knvirt/api";
import { aSpec, aVm } from "../support/builders.ts";
import type { Instance } from "../support/instance.ts";
import { callSubresource } from "../support/subresources.ts";
import { runningVmi } from "../support/vms.ts";
import { serialLogOf, untilLogSays } from "./guest-log.ts";
import { onOwnInstance } from "./own-instance.ts";
import { median, type Row, seconds } from "./row.ts";

const rounds = 15;
const name = "bench";
const spec = aSpec();
const withDisplay = {
  ...spec,
  domain: { ...spec.domain, devices: { ...spec.domain.devices, autoattachGraphicsDevice: true } },
};

export const verbsBench = (): Promise<Row[]> =>
  onOwnInstance(async (instance) => {
    await instance.client.create(virtualMachines, aVm({ name, spec: withDisplay }));
    await runningVmi(instance, name);
    await untilLogSays(() => serialLogOf(instance, name), "knvirt guest ready");
    return screenshots(instance);
  });

/** In turns, so that whatever else the machine does hits both. */
async function screenshots(instance: Instance): Promise<Row[]> {
  const [shots, gets]: [number[], number[]] = [[], []];
  for (let round = 0; round < rounds; round += 1) {
    shots.push(await timed(() => screenshot(instance)));
    gets.push(
      await timed(() => instance.client.find(virtualMachineInstances, { namespace: instance.namespace, name })),
    );
  }
  const shot = median(shots);
  return [
    { name: "screenshot of a booted guest", value: seconds(shot), target: "under 1 s", met: shot < 1000 },
    { name: "GET of its instance", value: `${median(gets).toFixed(1)} ms` },
  ];
}

async function screenshot(instance: Instance): Promise<void> {
  const { code, message } = await callSubresource(instance, `${name}/vnc/screenshot`, { method: "GET" });
  if (code !== 200) throw new Error(`screenshot of vmi ${name} was answered ${code}: ${message}`);
}

async function timed(call: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await call();
  return performance.now() - began;
}
