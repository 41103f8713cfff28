// PUT of a whole object, or of its status.
import type { Reply } from "../http/call.ts";
import { sentObject } from "../http/decode-object.ts";
import { writeOptionsOf } from "../http/request-options.ts";
import { targetOf } from "../http/resource-call.ts";
import { requireResourceVersion, updateObject } from "../lifecycle/update.ts";
import type { Machinery, ResourceCall } from "../machinery.ts";
import { written } from "./written.ts";

export async function update(machinery: Machinery, call: ResourceCall): Promise<Reply> {
  const object = await sentObject(call);
  const target = targetOf(call);
  const options = writeOptionsOf(call, call.subresource === "status" ? "status" : "");
  requireResourceVersion(target, object);
  return written(call, await updateObject(machinery, { target, change: () => ({ object }), options }));
}
