// What a disk's content is read from: a file or a block device, and what that is an overlay of.
import type { DiskImage } from "./conversion.ts";
import { element, type XmlElement } from "./xml.ts";

type Place = Pick<DiskImage, "path" | "isDevice">;

export const sourceType = ({ isDevice }: Pick<Place, "isDevice">): "block" | "file" => (isDevice ? "block" : "file");

export const source = ({ path, isDevice }: Place): XmlElement =>
  element("source", isDevice ? { dev: path } : { file: path });

/** Named to its end, so that libvirt never looks into an image for what else to open. */
export const backingStore = ({ backing }: DiskImage): XmlElement =>
  backing
    ? element(
        "backingStore",
        { type: sourceType(backing) },
        element("format", { type: backing.format }),
        source(backing),
        element("backingStore"),
      )
    : element("backingStore");
