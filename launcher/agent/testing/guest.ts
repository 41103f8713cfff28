// The test guest in a launcher's pod, and its serial console.
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import type { CacheFile, DomainState, ExecReply } from "@knvirt/proto";
import { agentGuest, agentGuestArgs, agentGuestPath } from "../../../test/support/agent-guest/index.ts";
import { Pod } from "../../testing/pod.ts";
import { aVmi } from "../../testing/vmi.ts";

const image = "agent-guest";
const secret = (secretName: string) => ({ secret: { secretName } });
const vmi = aVmi({
  accessCredentials: [
    { sshPublicKey: { source: secret("keys"), propagationMethod: { qemuGuestAgent: { users: ["debian"] } } } },
    { sshPublicKey: { source: secret("team"), propagationMethod: { qemuGuestAgent: { users: ["debian"] } } } },
    { userPassword: { source: secret("passwords"), propagationMethod: { qemuGuestAgent: {} } } },
  ],
  volumes: [{ name: "root", containerDisk: { image } }],
  domain: {
    memory: { guest: "256Mi" },
    firmware: {
      kernelBoot: {
        kernelArgs: agentGuestArgs,
        container: { image, kernelPath: agentGuestPath.kernel, initrdPath: agentGuestPath.initrd },
      },
    },
    devices: {
      autoattachPodInterface: false,
      autoattachGraphicsDevice: false,
      disks: [{ name: "root", disk: { bus: "virtio" } }],
    },
  },
});

/** As the kubelet mounts them. */
export const secretFile = {
  keys: "access-credentials/keys/alice",
  team: "access-credentials/team/carol",
  passwords: "access-credentials/passwords/debian",
} as const;
const firstKey = "# hers\nssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFirst alice@example\n";
const teamKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIThird carol@example";

export async function runAgentGuest(bundle: string, capabilitiesCache: CacheFile[] = []): Promise<Pod> {
  const { kernel, initrd, disk } = await agentGuest();
  const pod = await Pod.run(bundle, {
    vmi,
    capabilitiesCache,
    files: { [secretFile.keys]: firstKey, [secretFile.team]: teamKey, [secretFile.passwords]: "secret\n" },
    copies: {
      [`kernel-boot${agentGuestPath.kernel}`]: kernel,
      [`kernel-boot${agentGuestPath.initrd}`]: initrd,
      [`container-disks/root${agentGuestPath.disk}`]: disk,
    },
  });
  await pod.start();
  return pod;
}

/** What a verb answers, or the text of its refusal. */
export class GuestVerbs {
  readonly #pod: Pod;

  constructor(pod: Pod) {
    this.#pod = pod;
  }

  freeze = (timeoutSeconds: number) => this.#call("freeze", { timeoutSeconds });
  thaw = () => this.#call("thaw", {});
  softReboot = () => this.#call("softReboot", {});
  info = async () => JSON.parse(((await this.#call("guestInfo", {})) as { json: string }).json);
  exec = (command: string, args: string[] = [], timeoutSeconds = 30): Promise<ExecReply> =>
    this.#call("exec", { command, args, timeoutSeconds }) as Promise<ExecReply>;

  shell = async (script: string): Promise<string> => {
    const { stdout, stderr, exitCode } = await this.exec("/bin/sh", ["-c", script]);
    if (exitCode !== 0) throw new Error(`${script} in the guest ended with ${exitCode}: ${stderr}`);
    return stdout.toString().trim();
  };

  /** The first state that is as wanted. */
  async told(wanted: (state: DomainState) => boolean): Promise<DomainState> {
    const stream = this.#pod.client.watch({}, { deadline: Date.now() + longestWaitMs });
    let last: DomainState | undefined;
    try {
      for await (const state of stream as AsyncIterable<DomainState>) {
        last = state;
        if (wanted(state)) return state;
      }
      throw new Error("the launcher told its last state");
    } catch (cause) {
      throw new Error(`state ${wanted} was not reached, last was ${JSON.stringify(last)}`, { cause });
    } finally {
      stream.cancel();
    }
  }

  #call(verb: "freeze" | "thaw" | "softReboot" | "guestInfo" | "exec", request: object): Promise<unknown> {
    const client = this.#pod.client as unknown as Record<string, (request: object, answer: Answer) => void>;
    return promisify((client[verb] as Call).bind(client))(request);
  }
}

const longestWaitMs = 90_000;

type Answer = (error: Error | null, reply: unknown) => void;
type Call = (request: object, answer: Answer) => void;

/** A shell on the serial port, for what cannot be asked of an agent. */
export class Console {
  readonly #pod: Pod;
  readonly #socket: Socket;

  static async open(pod: Pod): Promise<Console> {
    const socket = connect(join(pod.volumes, "sockets/serial0.sock"));
    await once(socket, "connect");
    socket.resume();
    return new Console(pod, socket);
  }

  private constructor(pod: Pod, socket: Socket) {
    this.#pod = pod;
    this.#socket = socket;
  }

  /** Waits until the guest says the word after that. */
  async type(line: string, word: string): Promise<void> {
    const said = await this.#said(word);
    this.#socket.write(`${line}\n`);
    await this.#pod.eventually(`the guest says ${word}`, async () => (await this.#said(word)) > said, 60_000);
  }

  async #said(word: string): Promise<number> {
    const log = await readFile(join(this.#pod.volumes, "private/serial0.log"), "utf8");
    return log.split(word).length;
  }

  close(): void {
    this.#socket.destroy();
  }
}
