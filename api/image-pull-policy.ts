// When the images are pulled that disks and kernels come from.
import { choice } from "./schema.ts";

export const imagePullPolicy = choice(
  ["Always", "IfNotPresent", "Never"],
  "When the image is pulled: Always for the tag latest, otherwise IfNotPresent, unless set.",
);
