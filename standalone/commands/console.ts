// knvirt console NAME: the guest's serial console in this terminal, for machines without virtctl.
import { accessFromKubeconfig, type ClusterAccess } from "@knvirt/kubernetes";
import { WebSocket } from "ws";

/** Ctrl-], as telnet and virtctl have it. */
const escapeKey = 0x1d;

export interface ConsoleOptions {
  kubeconfig: string;
  namespace: string;
  name: string;
}

/** Resolves when either side leaves. Throws with the server's words when there is no console. */
export async function openConsole({ kubeconfig, namespace, name }: ConsoleOptions): Promise<void> {
  const socket = await connect(accessFromKubeconfig(kubeconfig), { namespace, name });
  console.error(`console of ${namespace}/${name}: leave with Ctrl-]`);
  const { stdin, stdout } = process;
  stdin.setRawMode?.(true);
  stdin.on("data", (typed: Buffer) => {
    if (typed.includes(escapeKey)) socket.close();
    else socket.send(typed);
  });
  // A guest writes to a prompt that is already there only when it is asked to.
  socket.send("\r");
  socket.on("message", (shown: Buffer) => stdout.write(shown));
  socket.resume();
  await new Promise((resolve) => socket.on("close", resolve));
  stdin.setRawMode?.(false);
  stdin.destroy();
}

function connect(
  access: ClusterAccess,
  { namespace, name }: { namespace: string; name: string },
): Promise<WebSocket> {
  const path = `/apis/subresources.kubevirt.io/v1/namespaces/${namespace}/virtualmachineinstances/${name}/console`;
  const socket = new WebSocket(access.server.replace(/^http/, "ws") + path, ["plain.kubevirt.io"], {
    ...(access.ca && { ca: access.ca }),
    ...access.clientCertificate,
    headers: access.token ? { authorization: `Bearer ${access.token()}` } : {},
  });
  return new Promise((resolve, reject) => {
    socket.on("open", () => {
      socket.pause(); // what comes at once waits until somebody listens
      resolve(socket);
    });
    socket.on("error", reject);
    socket.on("unexpected-response", (_request, answer) => {
      let body = "";
      answer.on("data", (chunk: Buffer) => {
        body += chunk;
      });
      answer.on("end", () => reject(new Error(messageIn(body) ?? `the API server answered ${answer.statusCode}`)));
    });
  });
}

function messageIn(body: string): string | undefined {
  try {
    return (JSON.parse(body) as { message?: string }).message;
  } catch {
    return undefined;
  }
}
