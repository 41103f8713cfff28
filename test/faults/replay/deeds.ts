// What users of a plan do, as the requests that kubectl and virtctl send for it.
import { launcherPodName, virtualMachineInstances, virtualMachines } from "@knvirt/api";
import { isAlreadyExists, pods, type Resource } from "@knvirt/kubernetes";
import type { ActionKind, Deed, OfKind, Wanted } from "../../simulation/plan/plan.ts";
import { virtualMachine } from "../../simulation/play/vm-objects.ts";
import { aSpec, aVm, aVmi } from "../../support/builders.ts";
import { eventually } from "../../support/eventually.ts";
import { callSubresource } from "../../support/subresources.ts";
import { getVm } from "../../support/vms.ts";
import type { Scene } from "./scene.ts";

type Play<Kind extends ActionKind> = (deed: OfKind<Deed, Kind>, scene: Scene) => Promise<unknown>;

const plays: { [Kind in ActionKind]?: Play<Kind> } = {
  createVm: (deed, scene) => (deed.insists ? whenGone(deed, scene) : createVm(deed, scene)),
  createVmi: (deed, { host: { client, namespace } }) =>
    client.create(virtualMachineInstances, aVmi({ name: deed.vm, namespace, spec: specOf(deed) })),
  deleteVm: ({ vm, propagation }, { host: { client, namespace } }) =>
    client.delete(virtualMachines, { namespace, name: vm }, { propagationPolicy: propagation }),
  deleteVmi: async ({ vm, propagation }, scene) => {
    const key = await seen(scene, virtualMachineInstances, vm);
    await scene.host.client.delete(virtualMachineInstances, key, { propagationPolicy: propagation });
  },
  deletePod: async ({ vm, graceSeconds = 30 }, scene) => {
    const key = await seen(scene, pods, launcherPodName(vm));
    const gracePeriodSeconds = Math.max(1, shortened(graceSeconds)); // none at all would be by force
    await scene.host.client.delete(pods, key, { gracePeriodSeconds });
  },
  setStrategy: ({ vm, strategy }, scene) => patchVm(scene, vm, { running: null, runStrategy: strategy }),
  setCores: ({ vm, cores }, scene) => patchVm(scene, vm, { template: { spec: { domain: { cpu: { cores } } } } }),
  setTemplateLabel: ({ vm, value }, scene) =>
    patchVm(scene, vm, { template: { metadata: { labels: { colour: value } } } }),
  start: ({ vm, isPaused }, scene) => put(scene, `${vm}/start`, isPaused ? { paused: true } : {}),
  stop: ({ vm, graceSeconds }, scene) =>
    put(scene, `${vm}/stop`, graceSeconds === undefined ? {} : { gracePeriod: shortened(graceSeconds) }),
  restart: ({ vm, isForced }, scene) => put(scene, `${vm}/restart`, isForced ? { gracePeriodSeconds: 0 } : {}),
  disown: async ({ vm }, scene) => {
    const key = await seen(scene, virtualMachineInstances, vm);
    const patch = { metadata: { ownerReferences: null } };
    await scene.host.client.mergePatch(virtualMachineInstances, key, { patch });
  },
};

export const isPlayed = ({ kind }: { kind: ActionKind }): boolean => Object.hasOwn(plays, kind);

export const deedOf = (deed: Deed): Play<ActionKind> => plays[deed.kind] as Play<ActionKind>;

/** A guest that hangs is waited for so long and not longer. */
const longestGraceSeconds = 10;
const shortened = (graceSeconds: number): number => Math.min(graceSeconds, longestGraceSeconds);

function specOf({ cores, graceSeconds }: Wanted) {
  const spec = aSpec({ terminationGracePeriodSeconds: shortened(graceSeconds) });
  return { ...spec, domain: { ...spec.domain, cpu: { cores } } };
}

function createVm(deed: OfKind<Deed, "createVm">, { host: { client, namespace } }: Scene) {
  const vm = aVm({ name: deed.vm, namespace, spec: specOf(deed) });
  const { template } = vm.spec;
  return client.create(virtualMachines, { ...vm, spec: { ...virtualMachine(deed).spec, template } });
}

/** Again and again while the last one of the name is going. */
const whenGone = (deed: OfKind<Deed, "createVm">, scene: Scene) =>
  eventually(
    async () => {
      try {
        return await createVm(deed, scene);
      } catch (error) {
        const there = await getVm(scene.host, deed.vm);
        if (isAlreadyExists(error) && (!there || there.metadata.deletionTimestamp)) return undefined;
        throw error;
      }
    },
    { what: `vm ${deed.vm} can be created anew` },
  );

const patchVm = ({ host: { client, namespace } }: Scene, name: string, spec: object) =>
  client.mergePatch(virtualMachines, { namespace, name }, { patch: { spec } });

async function put({ host, note }: Scene, what: string, body: object): Promise<void> {
  const { code, message } = await callSubresource(host, what, { of: "virtualmachines", body });
  note(`${what} is answered with ${code} ${message}`);
}

/** Who deletes something has seen it, however long it took to come: a machine is slower than a simulated one. */
function seen({ host: { client, namespace } }: Scene, of: Resource, name: string) {
  const key = { namespace, name };
  return eventually(
    async () => {
      const { deletionTimestamp } = (await client.find(of, key))?.metadata ?? { deletionTimestamp: "never there" };
      return deletionTimestamp === undefined && key;
    },
    { seconds: 60, what: `${of.kind} ${name} is there to be changed` },
  );
}
