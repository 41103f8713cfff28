// One command of the agent's at a time, through libvirt, which has the only end of its channel: libvirt brings agent and
// host back in step after a restart of either, bounds an answer, and knows when the guest closes its end. The commands
// are sent as they are, so that nothing but JSON is parsed of what a guest says before it is read here.
import { setTimeout as delay } from "node:timers/promises";
import { type Connection, callAgent, findDomain, isLibvirtError, LibvirtError } from "@knvirt/libvirt";
import { LauncherError, withReason } from "../errors.ts";
import { type Reading, text } from "./answers.ts";

export interface ChannelOptions {
  /** Of the domain. */
  name: string;
  connection(): Promise<Connection>;
}

export interface Command<T> {
  execute: string;
  arguments?: Record<string, unknown>;
  reads: Reading<T>;
  /** How long the guest may take; those that change nothing take no time. */
  seconds?: number;
}

export interface Channel {
  ask<T>(command: Command<T>): Promise<T>;
}

const ordinarySeconds = 5;
/** libvirt first brings itself into step with the agent, and looks for the domain. */
const stepMs = 8_000;
/** More than that wait only where the guest does not answer anyway. */
const longestQueue = 16;
const libvirtMs = 10_000;
/** Partly the guest's own words. */
const complaintOf = text(200);

export function agentChannel(options: ChannelOptions): Channel {
  /** Settles when libvirt is done with what was asked last: a command that nobody waits for is still under way there. */
  let last: Promise<unknown> = Promise.resolve();
  let waiting = 0;
  return {
    ask: async (command) => {
      if (waiting >= longestQueue) throw notResponding(command, `${waiting} commands wait for it already`);
      const turn = last;
      const given = new AbortController();
      const sent = turn.then(() => (given.signal.aborted ? undefined : send(options, command)));
      last = sent.catch(() => undefined);
      waiting += 1;
      try {
        const said = await withinReason(sent, command);
        return read(command, said);
      } catch (error) {
        throw withReason(error);
      } finally {
        given.abort();
        waiting -= 1;
      }
    },
  };
}

/** Its turn may come late: an earlier command may take all of its time. */
async function withinReason<T>(sent: Promise<T>, command: Command<unknown>): Promise<T> {
  const patienceMs = (command.seconds ?? ordinarySeconds) * 1000 + stepMs;
  const given = new AbortController();
  const late = delay(patienceMs, undefined, { signal: given.signal, ref: false }).then(() => {
    throw notResponding(command, `no answer within ${patienceMs / 1000} s`);
  });
  late.catch(() => undefined); // aborted: the answer came first
  sent.catch(() => undefined); // it may come when nobody waits any more
  try {
    return await Promise.race([sent, late]);
  } finally {
    given.abort();
  }
}

async function send({ name, connection }: ChannelOptions, command: Command<unknown>): Promise<string | undefined> {
  const { execute, arguments: given, seconds = ordinarySeconds } = command;
  const through = await connection();
  const domain = await findDomain(through, name, { timeoutMs: libvirtMs });
  if (!domain) throw new LauncherError("DomainNotFound", `domain ${name} is not there: no guest was started yet`);
  try {
    const asked = JSON.stringify({ execute, ...(given && { arguments: given }) });
    return await callAgent(through, domain, { command: asked, agentTimeoutSeconds: seconds });
  } catch (error) {
    throw withAgentReason(error, command);
  }
}

function read<T>(command: Command<T>, said: string | undefined): T {
  let answer: T | undefined;
  try {
    answer = command.reads((JSON.parse(said ?? "") as { return?: unknown }).return);
  } catch (cause) {
    throw failed(command, `its answer is no JSON of ${said?.length ?? 0} characters`, cause);
  }
  if (answer === undefined) throw failed(command, "its answer has not the shape that the agent's protocol has");
  return answer;
}

function withAgentReason(error: unknown, command: Command<unknown>): unknown {
  if (!(error instanceof LibvirtError)) return error;
  const complaint = complaintOf(error.message.replaceAll(/\s+/g, " ").trim()) ?? "";
  if (isLibvirtError(error, "agentUnresponsive")) return notResponding(command, complaint, error);
  if (isLibvirtError(error, "operationInvalid") || isLibvirtError(error, "argumentUnsupported"))
    return new LauncherError("GuestAgentNotConnected", `guest agent is not there: ${complaint}`, { cause: error });
  return failed(command, complaint, error);
}

const failed = ({ execute }: Command<unknown>, why: string, cause?: unknown): LauncherError =>
  new LauncherError("GuestAgentFailed", `guest agent failed at ${execute}: ${why}`, { cause });

const notResponding = ({ execute }: Command<unknown>, why: string, cause?: unknown): LauncherError =>
  new LauncherError("GuestAgentNotResponding", `guest agent does not answer ${execute}: ${why}`, { cause });
