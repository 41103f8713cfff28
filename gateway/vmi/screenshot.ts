// A picture of what the guest's display shows.
import { GatewayError } from "../errors.ts";
import { type Answer, type Call, objectOf } from "../subresource.ts";
import { askGuest } from "./ask.ts";
import { mustHaveDisplay } from "./console.ts";
import { mustRun } from "./preconditions.ts";

const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/** A browser may show it: what a launcher says is a picture must not be a page. */
export async function screenshot(call: Call): Promise<Answer> {
  const { png } = await askGuest(call, [mustHaveDisplay, mustRun], { $case: "screenshot", value: {} });
  if (png.subarray(0, signature.length).equals(signature)) return { code: 200, bytes: png, contentType: "image/png" };
  throw new GatewayError(500, `${objectOf(call.wanted)}: its launcher answered with no PNG`);
}
