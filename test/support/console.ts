// A guest's serial console as a spec uses it: run a command, get its output. Speaks the protocol of virtctl.
import { randomUUID } from "node:crypto";
import type { ClusterAccess } from "@knvirt/kubernetes";
import { WebSocket } from "ws";
import { eventually } from "./eventually.ts";
import type { Host } from "./host.ts";

export interface GuestConsole {
  /** The end of what the guest wrote before the console was opened, and all since. */
  readonly output: string;
  /** Waits until the guest wrote the text. */
  saw(text: string, seconds?: number): Promise<void>;
  /** Output of a command in the guest's shell. Throws when it does not come back. */
  run(command: string): Promise<string>;
  /** Whatever still waits for the guest fails. */
  close(): void;
}

export interface ConsoleTarget {
  namespace: string;
  name: string;
}

export function consolePath({ namespace, name }: ConsoleTarget, subresource = "console"): string {
  return `/apis/subresources.kubevirt.io/v1/namespaces/${namespace}/virtualmachineinstances/${name}/${subresource}`;
}

export async function openGuestConsole(access: ClusterAccess, target: ConsoleTarget): Promise<GuestConsole> {
  const socket = await openSocket(access, consolePath(target));
  let output = "";
  let isClosed = false;
  socket.on("message", (bytes: Buffer) => {
    output += bytes.toString("latin1");
  });
  const shown = (): string => {
    if (isClosed) throw new Error(`console of ${target.namespace}/${target.name} was closed`);
    return output;
  };
  return {
    get output() {
      return output;
    },
    saw: async (text, seconds = 120) => {
      const [what, evidence] = [`console says ${JSON.stringify(text)}`, async () => output.slice(-2000)];
      await eventually(() => shown().includes(text), { seconds, what, evidence });
    },
    run: shellOn(socket, shown),
    close: () => {
      isClosed = true;
      socket.close();
    },
  };
}

function shellOn(socket: WebSocket, shown: () => string): GuestConsole["run"] {
  // What others were shown before is shown to us too: no answer to them must be taken for ours.
  const console = randomUUID();
  let commands = 0;
  let ready: Promise<void> | undefined;
  return async (command) => {
    ready ??= answering(socket, shown);
    await ready;
    commands += 1;
    const from = shown().length;
    const tag = `${console}-${commands}-`;
    const [begin, end] = [`begin-${tag}`, `end-${tag}`];
    // Split in the source, so that the echo of the command is not taken for its output.
    socket.send(`echo begin-''${tag}; ${command}; echo end-''${tag}\n`);
    const [what, evidence] = [`console runs ${command}`, async () => shown().slice(from)];
    const output = await eventually(() => shown().indexOf(end, from) >= 0 && shown(), {
      seconds: 60,
      what,
      evidence,
    });
    const start = output.indexOf(begin, from) + begin.length;
    return output.slice(start, output.indexOf(end, start)).replaceAll("\r", "").trim();
  };
}

const askAgainMs = 500;

/** What is typed before there is a shell is lost, and one that waits already says nothing: asked until it answers. */
async function answering(socket: WebSocket, output: () => string): Promise<void> {
  const word = randomUUID();
  const ask = (): void => socket.send(`echo here-''${word}\n`);
  ask();
  const asking = setInterval(ask, askAgainMs);
  try {
    await eventually(() => output().includes(`here-${word}`), {
      what: "a shell answers",
      evidence: async () => output(),
    });
  } finally {
    clearInterval(asking);
  }
}

/** One command in a guest's shell, asked again while something on the way to it is being started. */
export function askGuest(host: Host, name: string, command: string): Promise<string> {
  return eventually(
    async () => {
      const guest = await openGuestConsole(host.access, { namespace: host.namespace, name }).catch(() => undefined);
      try {
        return await guest?.run(command);
      } finally {
        guest?.close();
      }
    },
    { what: `guest ${name} answers on its console`, evidence: () => host.evidence() },
  );
}

export function openSocket(access: ClusterAccess, path: string): Promise<WebSocket> {
  const socket = new WebSocket(access.server.replace(/^http/, "ws") + path, ["plain.kubevirt.io"], {
    ...(access.ca && { ca: access.ca }),
    ...access.clientCertificate,
    headers: access.token ? { authorization: `Bearer ${access.token()}` } : {},
  });
  return new Promise((resolve, reject) => {
    socket.on("open", () => {
      // What comes with the handshake waits for whoever asked for the socket to listen.
      socket.pause();
      setImmediate(() => socket.resume());
      resolve(socket);
    });
    socket.on("error", reject);
    socket.on("unexpected-response", (_, answer) => {
      const refused = (body: string) => reject(new Error(`${path} was answered ${answer.statusCode}: ${body}`));
      answer.toArray().then((chunks) => refused(chunks.join("")), reject);
    });
  });
}
