// PUT of a whole object, or of its status.
import type { Reply } from "../http/call.ts";
import { sentObject } from "../http/decode-object.ts";
import { writeOptionsOf } from "../http/request-options.ts";
import { targetOf } from "../http/resource-call.ts";
import { normalized, requireDecodable } from "../lifecycle/admission.ts";
import { updateObject } from "../lifecycle/update.ts";
import type { Machinery, ResourceCall } from "../machinery.ts";
import { written } from "./written.ts";

export async function update(machinery: Machinery, call: ResourceCall): Promise<Reply> {
  const target = targetOf(call);
  const options = writeOptionsOf(call, call.subresource === "status" ? "status" : "");
  const object = requireDecodable(call.resource, normalized(call.resource, await sentObject(call), options));
  return written(
    call,
    await updateObject(machinery, { target, change: () => ({ object }), replaces: true, options }),
  );
}
