// Whatever is asked for in whatever order: each VM ends where its last request says, and on the way only what is is told.
import { isFinal, type RunStrategy, virtualMachineInstances } from "@knvirt/api";
import { namespace } from "../../standalone/testing/rig-objects.ts";
import { fc } from "../../test/support/property.ts";
import { toldStates } from "../testing/told-states.ts";
import { isSettled, type Verb, type VmRig, withGateway } from "../testing/vm-rig.ts";

interface Plan {
  name: string;
  strategy: RunStrategy;
  requests: { verb: Verb; waits: boolean }[];
}

const strategies: RunStrategy[] = ["Always", "Halted", "Manual", "RerunOnFailure"];
const byItself: RunStrategy[] = ["Always", "RerunOnFailure"];
const verbs = fc.constantFrom<Verb>("start", "stop", "restart");
const requests = fc.array(fc.record({ verb: verbs, waits: fc.boolean() }), { minLength: 20, maxLength: 20 });
const plans = fc.sample(requests, { numRuns: 10 }).map((requests, index): Plan => {
  const strategy = strategies[index % strategies.length] ?? "Always";
  return { name: `vm-${index}`, strategy, requests };
});

/** Answers with the states that the requests which were taken ask for, after the one that it begins with. */
async function play({ put, vm }: VmRig, { name, strategy, requests }: Plan): Promise<string[]> {
  const asked = [byItself.includes(strategy) ? "Running" : "Stopped"];
  for (const { verb, waits } of requests) {
    if (waits) await vm(name, isSettled);
    const { code, text } = await put(name, verb);
    expect({ name, verb, text, isAnswered: code === 202 || code === 409 }).toMatchObject({ isAnswered: true });
    if (code === 202) asked.push(verb === "stop" ? "Stopped" : "Running");
  }
  return asked;
}

async function expectEnd({ vm, client }: VmRig, name: string, wanted: string | undefined): Promise<void> {
  await vm(name, (found) => found?.status?.printableStatus === wanted && isSettled(found));
  const vmi = await client.find(virtualMachineInstances, { namespace, name });
  expect({ name, runs: vmi !== undefined && !isFinal(vmi) }).toEqual({ name, runs: wanted === "Running" });
}

test("200 requests over 10 VMs", () =>
  withGateway(async (rig) => {
    const states = await toldStates(rig.client);
    try {
      for (const { name, strategy } of plans) await rig.createVm(name, { runStrategy: strategy });

      const asked = await Promise.all(plans.map((plan) => play(rig, plan)));

      for (const [index, { name }] of plans.entries()) await expectEnd(rig, name, asked[index]?.at(-1));
      expect(asked.flat().length).toBeGreaterThan(70);
      expect(states.told()).toBeGreaterThan(100);
      expect(states.untrue()).toEqual([]);
    } finally {
      states.stop();
    }
  }));
