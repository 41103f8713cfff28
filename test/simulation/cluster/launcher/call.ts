// One call of a launcher over its socket: on its way something may be lost, and an answer has its time.
import { Metadata } from "@grpc/grpc-js";
import type { VirtualMachineInstance } from "@knvirt/api";
import { ExecutorError, type LauncherConnection } from "@knvirt/node-executor";
import { LauncherError, toStatus } from "../../../../launcher/errors.ts";
import type { SimulatedProcess } from "../../engine/simulated-process.ts";
import type { Server } from "./door.ts";

type Calls = Pick<LauncherConnection, "start" | "probeCapabilities" | "stats" | "ask">;

const [startMs, verbMs] = [120_000, 15_000];
const longestWayMs = 10;

/** `reached` throws while nobody is. */
export function askLauncher(by: SimulatedProcess, reached: () => Server): Calls {
  const refuse = (what: string): Promise<never> =>
    call(by, { to: reached(), withinMs: verbMs }, () => {
      throw new LauncherError("NotSupported", `${what} is nothing that a simulated guest knows`);
    });
  return {
    start: async ({ vmi }) =>
      call(by, { to: reached(), withinMs: startMs }, ({ machine }) =>
        machine.start(JSON.parse(vmi) as VirtualMachineInstance),
      ),
    probeCapabilities: async () => call(by, { to: reached(), withinMs: verbMs }, () => []),
    stats: async () => refuse("stats"),
    ask: async (verb, request) => {
      if (verb !== "shutdown" || !("graceSeconds" in request)) return refuse(verb);
      return call(by, { to: reached(), withinMs: verbMs }, ({ machine }) => {
        machine.shutdown(request.graceSeconds as number);
        return {} as never;
      });
    },
  };
}

interface Called {
  to: Server;
  withinMs: number;
}

function call<Answer>(
  by: SimulatedProcess,
  { to, withinMs }: Called,
  act: (server: Server) => Answer | Promise<Answer>,
): Promise<Answer> {
  const way = (): number => by.random.between(1, longestWayMs);
  return new Promise((resolve, reject) => {
    const lost = new ExecutorError("LauncherUnreachable", "the connection to the launcher was lost");
    const late = by.clock.after(withinMs, () => reject(lost));
    const settle = (end: () => void): void =>
      void by.reach(way(), () => {
        late();
        end();
      });
    to.process.onEnd(() => settle(() => reject(lost)));
    to.process.reach(way(), async () => {
      try {
        const answer = await act(to);
        settle(() => resolve(answer));
      } catch (error) {
        settle(() => reject(refusal(error)));
      }
    });
  });
}

/** As gRPC brings it. */
function refusal(error: unknown): Error {
  const { code, details } = toStatus(error);
  return Object.assign(new Error(details), { code, details, metadata: new Metadata() });
}
