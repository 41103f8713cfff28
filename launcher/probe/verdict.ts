// What the launcher's answers mean for a probe.
import { Metadata } from "@grpc/grpc-js";
import { DomainPhase, type DomainState, type ExecReply, type LauncherClient, type PingReply } from "@knvirt/proto";
import type { Question } from "./question.ts";

export interface Verdict {
  isGood: boolean;
  /** For people. */
  said: Buffer | string;
}

/** A guest that stands still on purpose cannot answer, and is not to be ended for that. Fails when the agent does not
 * answer. */
export async function ask(client: LauncherClient, { purpose, timeoutSeconds, command }: Question): Promise<Verdict> {
  const deadline = Date.now() + timeoutSeconds * 1000;
  const [program, ...args] = command;
  const standstill = standstillOf(await domainState(client, deadline), program);
  if (standstill !== undefined) return { isGood: purpose === "liveness", said: standstill };
  if (program === undefined) {
    await answer<PingReply>((done) => client.ping({ timeoutSeconds }, new Metadata(), { deadline }, done));
    return { isGood: true, said: "" };
  }
  const { exitCode, stdout, stderr } = await answer<ExecReply>((done) =>
    client.exec({ command: program, args, timeoutSeconds }, new Metadata(), { deadline }, done),
  );
  return { isGood: exitCode === 0, said: Buffer.concat([stdout, stderr]) };
}

/** While file systems are frozen the agent starts no program, and only says that it is there. */
function standstillOf({ phase, guest }: DomainState, program: string | undefined): string | undefined {
  if (phase === DomainPhase.DOMAIN_PHASE_PAUSED) return "the guest is paused";
  const isFrozen = program !== undefined && guest?.fsFreezeStatus === "frozen";
  return isFrozen ? "the guest's file systems are frozen" : undefined;
}

/** As it is now: the first that a watch says. */
function domainState(client: LauncherClient, deadline: number): Promise<DomainState> {
  return new Promise((resolve, reject) => {
    const watch = client.watch({}, new Metadata(), { deadline });
    watch.once("data", (state: DomainState) => {
      resolve(state);
      watch.cancel();
    });
    watch.on("error", reject);
    watch.on("end", () => reject(new Error("the guest has ended")));
  });
}

const answer = <Reply>(call: (done: (error: Error | null, reply: Reply) => void) => unknown): Promise<Reply> =>
  new Promise((resolve, reject) => {
    call((error, reply) => (error ? reject(error) : resolve(reply)));
  });
