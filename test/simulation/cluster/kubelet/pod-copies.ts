// The pods of the node as the kubelet knows them, by uid: what its watch tells, and what its own writes were answered with.
import { type Change, isConflict, isNotFound, keyOf, type Pod, type PodStatus, pods } from "@knvirt/kubernetes";
import type { SimulatedProcess } from "../../engine/simulated-process.ts";
import { isWritten } from "./pod-status.ts";

export interface PodCopies {
  /** Undefined when the API has it no more. */
  get(uid: string): Pod | undefined;
  onChange(change: Change<Pod>): void;
  /** Unless that is written already. Nothing when the pod is gone by now. */
  writeStatus(pod: Pod, statusOf: (pod: Pod) => PodStatus): Promise<void>;
}

const uidOf = ({ metadata }: Pod): string => metadata.uid ?? "";
const version = ({ metadata }: Pod): number => Number(metadata.resourceVersion);

export function podCopies({ client }: SimulatedProcess): PodCopies {
  const copies = new Map<string, Pod>();
  const keep = (pod: Pod): void => {
    const copy = copies.get(uidOf(pod));
    if (!copy || version(copy) < version(pod)) copies.set(uidOf(pod), pod);
  };
  const patch = async (pod: Pod, status: PodStatus): Promise<"written" | "gone" | "changed"> => {
    const { uid, resourceVersion } = pod.metadata;
    const patched = { metadata: { uid, resourceVersion }, status };
    try {
      const written = await client.mergePatch(pods, keyOf(pod), { patch: patched, subresource: "status" });
      if (copies.has(uidOf(pod))) keep(written);
      return "written";
    } catch (error) {
      if (isNotFound(error)) return "gone";
      if (isConflict(error)) return "changed";
      throw error;
    }
  };
  /** Upstream's patch merges with whatever is there: so does this one, by looking again. */
  const writeStatus: PodCopies["writeStatus"] = async (pod, statusOf) => {
    const status = statusOf(pod);
    if (isWritten(status, pod) || (await patch(pod, status)) !== "changed") return;
    const live = await client.find(pods, keyOf(pod));
    if (live && uidOf(live) === uidOf(pod)) await writeStatus(live, statusOf);
  };
  return {
    get: (uid) => copies.get(uid),
    onChange: ({ type, object }) => {
      if (type === "deleted") copies.delete(uidOf(object));
      else keep(object);
    },
    writeStatus,
  };
}
