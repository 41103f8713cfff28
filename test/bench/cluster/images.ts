// How much each image of ours takes on a node, as the node tells it: layers that they share are counted in each.
import { nodes } from "@knvirt/kubernetes";
import { clusterImage } from "../../support/cluster-names.ts";
import { mebibytes, type Row } from "../row.ts";
import type { Bench } from "./bench.ts";

const names = ["functions", "gateway", "node-executor", "launcher"];

export async function imagesBench({ client }: Bench): Promise<Row[]> {
  const { items } = await client.list(nodes);
  const images = items.flatMap(
    ({ status }) =>
      (status as { images?: { names: string[] | null; sizeBytes: number }[] } | undefined)?.images ?? [],
  );
  return names.map((name) => {
    const found = images.find((image) => image.names?.includes(clusterImage(name)));
    return { name: `image ${name} on a node`, value: found ? mebibytes(found.sizeBytes) : "not on a node" };
  });
}
