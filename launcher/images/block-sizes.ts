// Block sizes of what an image lies on, as the kernel tells them to whoever cannot open the device too.
import { readFile, stat, statfs } from "node:fs/promises";
import type { BlockSizes, DiskImage } from "../domain/conversion.ts";
import { ifThere } from "../if-there.ts";

export async function blocksOf({ path, isDevice }: Pick<DiskImage, "path" | "isDevice">): Promise<BlockSizes> {
  if (isDevice) return blocksOfDevice((await stat(path)).rdev);
  const { bsize } = await statfs(path);
  return { logical: bsize, physical: bsize };
}

async function blocksOfDevice(device: number): Promise<BlockSizes> {
  const folder = `/sys/dev/block/${deviceNumber(device)}`;
  // A partition has the queue of its disk, whose folder its own is in.
  for (const queue of [`${folder}/queue`, `${folder}/../queue`]) {
    const [logical, physical] = await Promise.all([
      sizeIn(`${queue}/logical_block_size`),
      sizeIn(`${queue}/physical_block_size`),
    ]);
    if (logical !== undefined && physical !== undefined) return { logical, physical };
  }
  throw new Error(`the kernel does not tell the block sizes of its device: found none below ${folder}`);
}

const sizeIn = async (file: string): Promise<number | undefined> => {
  const text = await ifThere(readFile(file, "utf8"));
  return text === undefined ? undefined : Number(text);
};

/** As glibc splits it: more bits than JavaScript shifts. */
export function deviceNumber(device: number): string {
  const wide = BigInt(device);
  const major = ((wide >> 8n) & 0xfffn) | ((wide >> 32n) & ~0xfffn);
  const minor = (wide & 0xffn) | ((wide >> 12n) & 0xffffff00n);
  return `${major}:${minor}`;
}
