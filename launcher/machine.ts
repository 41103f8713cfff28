// A VM's verbs. All that they know is read from libvirt and from the record of the VM's life, so that a new process
// goes on where the last one ended.
import { credentialsByAgent, domainName, launcherExit, type VirtualMachineInstance } from "@knvirt/api";
import type { Connection } from "@knvirt/libvirt";
import { type CacheFile, DomainPhase, type StartRequest, type StatsReply } from "@knvirt/proto";
import { GuestAgent } from "./agent/index.ts";
import { probedCapabilities, writeCapabilities } from "./capabilities.ts";
import { Daemon } from "./daemon.ts";
import type { Lease } from "./dhcp/options.ts";
import { type DhcpServer, serveDhcp } from "./dhcp/server.ts";
import { type Outcome, outcomeOf } from "./domain-phase.ts";
import { DomainWatch, type Listener } from "./domain-watch.ts";
import { isTransient, LauncherError, withReason } from "./errors.ts";
import { type LibvirtFiles, writeLibvirtFiles } from "./libvirt-files.ts";
import type { Log } from "./log.ts";
import { boundLogFiles } from "./log-files.ts";
import type { Paths } from "./paths.ts";
import { type Power, power } from "./power.ts";
import { type Life, openLife } from "./record.ts";
import { shutDown } from "./shutdown.ts";
import { leaseOf, prepareDomain, serialLog, startDomain } from "./start.ts";
import { Stats } from "./stats.ts";

export interface MachineOptions {
  vmi: { namespace: string; name: string };
  paths: Paths;
  log: Log;
}

interface Parts extends MachineOptions {
  files: LibvirtFiles;
  life: Life;
}

export class Machine {
  /** How this launcher is to end, once it is. */
  readonly ended: Promise<Outcome>;
  readonly power: Power;
  readonly agent: GuestAgent;
  readonly #parts: Parts;
  readonly #outcome = Promise.withResolvers<Outcome>();
  readonly #daemon: Daemon;
  readonly #watch: DomainWatch;
  readonly #stats: Stats;
  readonly #stopBounding: () => void;
  #starting: Promise<void> | undefined;
  #stopping: Promise<void> | undefined;
  #dhcp: DhcpServer | undefined;

  static async open(options: MachineOptions): Promise<Machine> {
    const files = await writeLibvirtFiles(options.paths);
    const life = await openLife(options.paths);
    const machine = new Machine({ ...options, files, life });
    if (life.record.lease) await machine.#lend(life.record.lease);
    if (life.record.stop) machine.#stop();
    return machine;
  }

  private constructor(parts: Parts) {
    const { files, life, log, paths, vmi } = parts;
    this.#parts = parts;
    this.ended = this.#outcome.promise;
    const domain = { name: domainName(vmi), connection: () => this.#daemon.connection() };
    this.agent = new GuestAgent({ ...domain, life, log, paths, changed: () => this.#watch.lookSoon() });
    this.#watch = new DomainWatch({ name: domain.name, life, log, guest: this.agent });
    this.#daemon = new Daemon({ files, log, connected: (connection) => this.#watch.attach(connection) });
    this.#stats = new Stats(() => this.#daemon.connection());
    this.power = power({ ...domain, look: () => this.#watch.look(), agent: this.agent, log });
    this.#stopBounding = boundLogFiles([serialLog(paths), files.log, files.qemuLog(domainName(vmi))], log);
    void this.#watch.ended.then((state) => this.#outcome.resolve(outcomeOf(state, life.record)));
  }

  /** Makes sure that the domain runs. Those who ask while it is being started wait for the same start. */
  start(vmi: VirtualMachineInstance, request: StartRequest): Promise<void> {
    this.#starting ??= this.#start(vmi, request).finally(() => {
      this.#starting = undefined;
    });
    return this.#starting;
  }

  async #start(vmi: VirtualMachineInstance, request: StartRequest): Promise<void> {
    try {
      this.#refuseWhenStopping();
      await writeCapabilities(request.capabilitiesCache, this.#parts.files);
      const connection = await this.#daemon.connection();
      const { phase } = await this.#watch.look();
      if (phase === DomainPhase.DOMAIN_PHASE_ABSENT) await this.#startAbsent(connection, vmi, request);
    } catch (error) {
      throw this.#failed(withReason(error));
    }
  }

  async #startAbsent(connection: Connection, vmi: VirtualMachineInstance, request: StartRequest): Promise<void> {
    const { paths, life } = this.#parts;
    const lease = leaseOf(vmi, request.interfaces);
    const xml = await prepareDomain(vmi, request, paths);
    if (lease) await this.#lend(lease);
    this.#refuseWhenStopping();
    const isDeaf = vmi.spec.domain.features?.acpi?.enabled === false;
    const credentials = credentialsByAgent(vmi.spec);
    await life.update({ startAsked: true, isDeaf, credentials, ...(lease && { lease }) });
    await startDomain(connection, vmi, xml);
    // It has run, even if it is ending before anybody looks.
    await life.update({ startedAt: life.record.startedAt ?? new Date().toISOString() });
    await this.#watch.look();
  }

  #refuseWhenStopping(): void {
    if (this.#stopping)
      throw new LauncherError("GuestStopping", "the guest is being stopped: it is not started again");
  }

  /** What would fail the next time too is the end of this launcher. */
  #failed(error: unknown): LauncherError {
    const failure =
      error instanceof LauncherError
        ? error
        : new LauncherError("StartFailed", (error as Error).message, { cause: error });
    const isFinal = !isTransient(failure) && failure.reason !== "GuestStopping";
    this.#parts.log[isFinal ? "error" : "warn"]({ err: failure }, "the guest was not started");
    if (isFinal)
      this.#outcome.resolve({ exitCode: launcherExit.failed, message: `${failure.reason}: ${failure.message}` });
    return failure;
  }

  /** Asks the guest to shut down, and answers when that is certain to go on; of several orders the earliest counts. */
  async shutdown(graceSeconds: number): Promise<void> {
    const { life } = this.#parts;
    const ordered = { graceSeconds, deadlineMs: Date.now() + graceSeconds * 1000 };
    const before = life.record.stop;
    if (!before && life.record.startAsked) this.#watch.note({ kind: "shuttingdown" });
    this.#stop();
    if (!before || ordered.deadlineMs < before.deadlineMs) await life.update({ stop: ordered });
  }

  #stop(): void {
    this.#stopping ??= this.#stopGuest();
  }

  async #stopGuest(): Promise<void> {
    const { life, log, vmi } = this.#parts;
    // How it failed is known to those who asked for it.
    await this.#starting?.catch(() => undefined);
    if (!life.record.startAsked) return this.#neverRan();
    await shutDown({
      name: domainName(vmi),
      deadlineMs: () => life.record.stop?.deadlineMs ?? Date.now(),
      connection: () => this.#daemon.connection(),
      ended: this.ended,
      look: async () => {
        const { phase } = await this.#watch.look();
        if (phase === DomainPhase.DOMAIN_PHASE_ABSENT) this.#neverRan();
      },
      log,
    });
  }

  #neverRan(): void {
    this.#outcome.resolve({ exitCode: launcherExit.guestEnded, message: "" });
  }

  /** The state now, then each change of it. Answers how to stop. */
  watch(listener: Listener): () => void {
    return this.#watch.listen(listener);
  }

  stats(): Promise<StatsReply> {
    return this.#stats.read();
  }

  probeCapabilities(): Promise<CacheFile[]> {
    const { life, files } = this.#parts;
    return probedCapabilities({
      files,
      connection: () => this.#daemon.connection(),
      isStarted: () => this.#starting !== undefined || life.record.startAsked === true,
    });
  }

  async #lend(lease: Lease): Promise<void> {
    if (this.#dhcp) return;
    try {
      this.#dhcp = await serveDhcp({ lease, log: this.#parts.log });
    } catch (error) {
      throw new LauncherError("NetworkFailed", `DHCP cannot be served: ${(error as Error).message}`, {
        cause: error,
      });
    }
  }

  /** To be called when there is no guest any more. */
  async close(): Promise<void> {
    this.#stopBounding();
    this.agent.close();
    this.#dhcp?.close();
    await this.#daemon.close();
  }
}
