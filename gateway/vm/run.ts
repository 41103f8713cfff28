// Calls that start, stop and restart a VM: noted in it for the function that acts on them.
import type { Body } from "../body.ts";
import type { Answer, PlainCall } from "../subresource.ts";
import { type Change, changeVm, type Seen } from "./change.ts";
import { type Options, restartOptions, startOptions, stopOptions } from "./options.ts";
import { restartOf } from "./restart.ts";
import { startOf } from "./start.ts";
import { stopOf } from "./stop.ts";

const noted =
  (optionsOf: (body: Body) => Options, changeOf: (options: Options) => (seen: Seen) => Change) =>
  async ({ client, wanted: { namespace, name }, body }: PlainCall): Promise<Answer> => {
    const options = optionsOf(body);
    await changeVm({ client, vm: { namespace, name }, dryRun: options.dryRun }, changeOf(options));
    return { code: 202 };
  };

export const startVm = noted(startOptions, startOf);
export const stopVm = noted(stopOptions, stopOf);
export const restartVm = noted(restartOptions, restartOf);
