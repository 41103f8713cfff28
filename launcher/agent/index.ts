// The guest's agent: whether it is there, what it says, and what it is asked to do.
import type { Connection } from "@knvirt/libvirt";
import { DomainPhase, type DomainState, type ExecReply, type ExecRequest } from "@knvirt/proto";
import { LauncherError } from "../errors.ts";
import type { Log } from "../log.ts";
import type { Paths } from "../paths.ts";
import type { Life } from "../record.ts";
import { agentChannel, type Channel } from "./channel.ts";
import * as commands from "./commands.ts";
import { Credentials } from "./credentials.ts";
import { exec } from "./exec.ts";
import { Freezing } from "./freezing.ts";
import { type GuestSide, guestAgentInfo, guestSide } from "./guest-info.ts";
import { Presence } from "./presence.ts";
import { Questions } from "./questions.ts";

export interface GuestAgentOptions {
  /** Of the domain. */
  name: string;
  life: Life;
  log: Log;
  paths: Paths;
  connection(): Promise<Connection>;
  /** The domain is to be looked at: what is to be told of the guest has changed. */
  changed(): void;
}

/** Of a guest whose agent has said nothing. */
const unknown: GuestSide = { guestInterfaces: [], guest: undefined };

type Seen = Pick<DomainState, "phase" | "agentConnected">;

export class GuestAgent {
  readonly #options: GuestAgentOptions;
  readonly #channel: Channel;
  readonly #questions: Questions;
  readonly #freezing: Freezing;
  readonly #credentials: Credentials;
  readonly #presence = new Presence();
  #isConnected = false;
  #lookAgain: NodeJS.Timeout | undefined;

  constructor(options: GuestAgentOptions) {
    const { life, log, paths, changed } = options;
    this.#options = options;
    this.#channel = agentChannel(options);
    this.#questions = new Questions({ channel: this.#channel, log, answered: changed });
    this.#freezing = new Freezing({ channel: this.#channel, life, log, changed: (status) => this.#froze(status) });
    const wanted = () => life.record.credentials ?? [];
    this.#credentials = new Credentials({ channel: this.#channel, paths, log, wanted, changed });
  }

  /** Takes note of the domain as it was seen now, and answers what others are told of its guest. */
  observe({ phase, agentConnected }: Seen): GuestSide & { agentConnected: boolean } {
    this.#isConnected = agentConnected;
    const isThere = agentConnected && phase === DomainPhase.DOMAIN_PHASE_RUNNING;
    this.#questions.follow(isThere);
    const { hasAnswered, answers } = this.#questions;
    // Not before it is known whether file systems are frozen: then the agent refuses.
    this.#credentials.follow(isThere && hasAnswered && answers.freezeStatus !== "frozen");
    const { isShown, againInMs } = this.#presence.see({
      isConnected: agentConnected,
      hasAnswered,
      nowMs: Date.now(),
    });
    // One that is away for a moment only is told of as if it had been there.
    if (!agentConnected && !isShown) for (const part of [this.#questions, this.#credentials]) part.forget();
    clearTimeout(this.#lookAgain);
    if (againInMs !== undefined) this.#lookAgain = setTimeout(this.#options.changed, againInMs).unref();
    const side = isShown && hasAnswered ? guestSide(answers, this.#credentials.state) : unknown;
    return { agentConnected: isShown, ...side };
  }

  /** JSON: what the agent says now of all that a user may ask for. */
  async info(): Promise<string> {
    this.#requireConnected();
    return guestAgentInfo(await this.#questions.askAll());
  }

  async freeze(seconds: number): Promise<void> {
    this.#requireConnected();
    await this.#freezing.freeze(seconds);
  }

  async thaw(): Promise<void> {
    this.#requireConnected();
    await this.#freezing.thaw();
  }

  async exec(request: ExecRequest): Promise<ExecReply> {
    this.#requireConnected();
    return exec(this.#channel, request);
  }

  /** Fails when the agent does not answer in time. */
  async ping(seconds: number): Promise<void> {
    this.#requireConnected();
    await this.#channel.ask({ ...commands.ping, ...(seconds > 0 && { seconds }) });
  }

  /** False when there is no agent that would do it. A guest that does it does not answer any more. */
  async reboot(): Promise<boolean> {
    if (!this.#isConnected) return false;
    try {
      await this.#channel.ask(commands.reboot);
    } catch (error) {
      if (!(error instanceof LauncherError)) throw error;
      this.#options.log.info({ err: error }, "the guest agent was told to boot again");
      return error.reason === "GuestAgentNotResponding";
    }
    return true;
  }

  close(): void {
    clearTimeout(this.#lookAgain);
    for (const part of [this.#questions, this.#credentials]) part.follow(false);
    this.#freezing.close();
  }

  #froze(freezeStatus: "frozen" | "thawed"): void {
    this.#questions.answers = { ...this.#questions.answers, freezeStatus };
    this.#options.changed();
  }

  #requireConnected(): void {
    if (!this.#isConnected)
      throw new LauncherError(
        "GuestAgentNotConnected",
        "guest agent is not connected: expected qemu-guest-agent to run in the guest",
      );
  }
}
