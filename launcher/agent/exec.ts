// A program in the guest, run by its agent to its end.
import { setTimeout as delay } from "node:timers/promises";
import type { ExecReply, ExecRequest } from "@knvirt/proto";
import { LauncherError } from "../errors.ts";
import type { Channel } from "./channel.ts";
import * as commands from "./commands.ts";

const ordinarySeconds = 10;
/** Of each stream: what a probe says is read by people. */
const longestOutput = 64 * 1024;
/** As upstream: so often within the time that is given. */
const looks = 10;
const longestPauseMs = 1_000;
/** What a shell answers for a program that a signal ended. */
const signalOffset = 128;

export async function exec(channel: Channel, { command, args, timeoutSeconds }: ExecRequest): Promise<ExecReply> {
  const seconds = timeoutSeconds || ordinarySeconds;
  const deadlineMs = Date.now() + seconds * 1000;
  const { pid } = await channel.ask(commands.exec(command, args));
  if (pid === undefined)
    throw new LauncherError("GuestAgentFailed", `guest agent started ${command} and told no process of it`);
  const pauseMs = Math.min(longestPauseMs, (seconds * 1000) / looks);
  for (;;) {
    const status = await channel.ask(commands.execStatus(pid));
    if (status.exited)
      return {
        exitCode: asInt32(status.exitcode ?? signalOffset + (status.signal ?? 0)),
        stdout: decoded(status["out-data"]),
        stderr: decoded(status["err-data"]),
      };
    if (Date.now() + pauseMs > deadlineMs)
      throw new LauncherError(
        "ExecTimedOut",
        `${command} in the guest is not done: expected its end in ${seconds} s`,
      );
    await delay(pauseMs);
  }
}

/** Windows counts to 2^32: there a program that crashed ends with 3221225477, which others know as -1073741819. */
const asInt32 = (code: number): number => code | 0;

const decoded = (base64 = ""): Buffer => Buffer.from(base64, "base64").subarray(0, longestOutput);
